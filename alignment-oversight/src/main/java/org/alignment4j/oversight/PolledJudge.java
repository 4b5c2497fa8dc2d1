package org.alignment4j.oversight;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import org.alignment4j.api.BudgetExceededException;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Judge;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.Verdict;
import org.alignment4j.api.oversight.View;
import org.alignment4j.oversight.agent.CallSeed;
import org.apiguardian.api.API;

/**
 * A judge of whose verdicts each is partly chance, asked several times: the option that most
 * verdicts name, with the share of the verdicts that name it as its probability, which says how far
 * the judge agrees with itself. Verdicts that name no option do not vote. Where two options are
 * named most, or the budget ends before the last vote, there is no verdict. Immutable and as safe
 * for concurrent calls as the judges.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class PolledJudge implements Judge {
  private final LongFunction<? extends Judge> seeded;
  private final int votes;

  private PolledJudge(LongFunction<? extends Judge> seeded, int votes) {
    this.seeded = seeded;
    this.votes = votes;
  }

  /**
   * Returns a judge that is asked several times.
   *
   * @param seeded returns the judge whose replies are sampled with a seed
   * @param votes how often, at least 2
   * @throws IllegalArgumentException if it is less
   */
  public static PolledJudge of(LongFunction<? extends Judge> seeded, int votes) {
    Objects.requireNonNull(seeded, "seeded");
    if (votes < 2) {
      throw new IllegalArgumentException("votes must be at least 2 but were " + votes);
    }
    return new PolledJudge(seeded, votes);
  }

  /**
   * Has the judge vote.
   *
   * @throws BudgetExceededException if the budget leaves no room for the first vote
   */
  @Override
  public Verdict judge(View view, OversightContext context) {
    Proceedings poll = Proceedings.open("poll", view.question(), context, OptionalLong.of(votes));
    List<Verdict> verdicts = new ArrayList<>();
    for (int vote = 0; vote < votes; vote++) {
      try {
        long seed = CallSeed.of(context.seed(), view.role(), view.round(), vote);
        Verdict verdict = seeded.apply(seed).judge(view, poll.next().withSeed(seed));
        poll.spend(verdict.usage());
        verdicts.add(verdict);
      } catch (BudgetExceededException limit) {
        if (verdicts.isEmpty()) {
          throw limit;
        }
        return none(
            verdicts, "the budget of " + limit.resource() + " ended the poll", poll.usage());
      }
    }
    return majority(view.options(), verdicts, poll.usage());
  }

  private static Verdict majority(List<String> options, List<Verdict> verdicts, Usage usage) {
    List<String> choices =
        verdicts.stream()
            .filter(Verdict.Decided.class::isInstance)
            .map(verdict -> ((Verdict.Decided) verdict).choice())
            .toList();
    if (choices.isEmpty()) {
      return none(verdicts, "no verdict names an option", usage);
    }
    List<Long> counts =
        options.stream().map(option -> choices.stream().filter(option::equals).count()).toList();
    long most = counts.stream().max(Long::compare).orElse(0L);
    if (counts.stream().filter(count -> count == most).count() > 1) {
      return none(verdicts, "as many verdicts name one option as another", usage);
    }
    return new Verdict.Decided(
        options.get(counts.indexOf(most)), (double) most / choices.size(), said(verdicts), usage);
  }

  private static Verdict none(List<Verdict> verdicts, String why, Usage usage) {
    return new Verdict.Unparsed(said(verdicts) + "\n\n(No verdict: " + why + ".)", usage);
  }

  private static String said(List<Verdict> verdicts) {
    return verdicts.stream()
        .map(
            verdict ->
                verdict instanceof Verdict.Decided decided
                    ? decided.reasons()
                    : ((Verdict.Unparsed) verdict).reply())
        .collect(Collectors.joining("\n\n"));
  }
}
