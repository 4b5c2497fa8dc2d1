package org.alignment4j.oversight;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.alignment4j.api.BudgetExceededException;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.oversight.Judge;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.Verdict;
import org.alignment4j.api.oversight.View;
import org.alignment4j.oversight.agent.CallSeed;
import org.apiguardian.api.API;

/**
 * A panel of judges that vote, so that no family of models judges itself alone: at least three
 * families are the rule (Verga et al. 2024, arXiv 2404.18796). The option that most judges choose
 * wins, with the share of the votes as its probability. Where two options have most votes, fewer
 * judges than the quorum vote, or the budget ends before all were asked, there is no verdict. The
 * reasons say what each judge chose.
 *
 * <p>A judge without a verdict does not vote, and neither does one whose model fails as long as the
 * others make up the quorum; a run that is repeated asks it again. Immutable, and as safe for
 * concurrent calls as the judges.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class MajorityJudge implements Judge {
  private final List<Judge> judges;
  private final int quorum;

  private MajorityJudge(List<Judge> judges, int quorum) {
    this.judges = judges;
    this.quorum = quorum;
  }

  /**
   * Returns a panel of which more than half must vote.
   *
   * @throws IllegalArgumentException if there is no judge
   */
  public static MajorityJudge of(List<? extends Judge> judges) {
    if (judges.isEmpty()) {
      throw new IllegalArgumentException("a panel must have a judge but has none");
    }
    return new MajorityJudge(List.copyOf(judges), judges.size() / 2 + 1);
  }

  /**
   * Returns this panel with another quorum.
   *
   * @param votes how many judges must vote
   * @throws IllegalArgumentException if it is not from 1 to the number of judges
   */
  public MajorityJudge withQuorum(int votes) {
    if (votes < 1 || votes > judges.size()) {
      throw new IllegalArgumentException(
          "quorum must be from 1 to the number of judges, " + judges.size() + ", but was " + votes);
    }
    return new MajorityJudge(judges, votes);
  }

  /**
   * Asks every judge; each is given what the budget leaves and a seed of its own.
   *
   * @throws BudgetExceededException if the budget leaves no room for the first judge
   * @throws ModelExecutionException if so many judges fail that the others are no quorum; the first
   *     failure
   */
  @Override
  public Verdict judge(View view, OversightContext context) {
    Proceedings panel =
        Proceedings.open("panel", view.question(), context, OptionalLong.of(judges.size()));
    Ballots ballots = new Ballots(view.options());
    ModelExecutionException failure = null;
    for (int i = 0; i < judges.size(); i++) {
      Judge judge = judges.get(i);
      long seed = CallSeed.of(context.seed(), view.role(), view.round(), i);
      try {
        ballots.cast(
            i + 1, panel.ask((seen, left) -> judge.judge(seen, left.withSeed(seed)), view));
      } catch (ModelExecutionException e) {
        failure = failure == null ? e : failure;
        ballots.failed(i + 1, e);
      } catch (BudgetExceededException limit) {
        if (ballots.empty()) {
          throw limit;
        }
        return new Verdict.Unparsed(
            ballots.without("the budget of " + limit.resource() + " ended the vote"),
            panel.usage());
      }
    }
    if (failure != null && judges.size() - ballots.failed < quorum) {
      throw failure;
    }
    return ballots.count(quorum, panel);
  }

  /** What the judges said. */
  private static final class Ballots {
    private final List<String> options;
    private final int[] votes;
    private final List<String> said = new ArrayList<>();
    private int cast;
    private int failed;

    Ballots(List<String> options) {
      this.options = options;
      this.votes = new int[options.size()];
    }

    void cast(int judge, Verdict verdict) {
      if (verdict instanceof Verdict.Decided decided) {
        cast++;
        votes[options.indexOf(decided.choice())]++;
        said.add("Judge " + judge + " chose " + decided.choice() + ".\n" + decided.reasons());
      } else {
        said.add("Judge " + judge + " gave no verdict.\n" + ((Verdict.Unparsed) verdict).reply());
      }
    }

    void failed(int judge, ModelExecutionException failure) {
      failed++;
      said.add("Judge " + judge + " failed: " + failure.getMessage());
    }

    boolean empty() {
      return said.isEmpty();
    }

    Verdict count(int quorum, Proceedings panel) {
      if (cast < quorum) {
        return new Verdict.Unparsed(
            without(cast + " of " + said.size() + " judges voted and " + quorum + " must"),
            panel.usage());
      }
      int most = 0;
      boolean tied = false;
      for (int option = 1; option < votes.length; option++) {
        tied = votes[option] == votes[most] || tied && votes[option] < votes[most];
        most = votes[option] > votes[most] ? option : most;
      }
      return tied
          ? new Verdict.Unparsed(without("two options have as many votes"), panel.usage())
          : new Verdict.Decided(
              options.get(most), (double) votes[most] / cast, text(), panel.usage());
    }

    private String text() {
      return String.join("\n\n", said);
    }

    private String without(String why) {
      return text() + "\n\n(No verdict: " + why + ".)";
    }
  }
}
