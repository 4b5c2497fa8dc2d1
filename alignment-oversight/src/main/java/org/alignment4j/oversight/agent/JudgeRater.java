package org.alignment4j.oversight.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.alignment4j.api.BudgetExceededException;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Judge;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.Turn;
import org.alignment4j.api.oversight.Verdict;
import org.alignment4j.api.oversight.View;
import org.alignment4j.oversight.budget.Allowance;
import org.alignment4j.oversight.quote.QuoteVerifier;
import org.apiguardian.api.API;

/**
 * Rates a draft by how far it convinces a judge who has not read the sources: the logarithm of the
 * probability that the judge gives the option it argues for, were the draft said next (Khan et al.
 * 2024, appendix: the preference judge). An opponent's turn that is still missing stands as a fixed
 * line, the same for every draft. A verdict that names no option rates −100. Drafts that the budget
 * has no room for are not rated. Immutable.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class JudgeRater implements DraftRater {
  /** The rating of a draft about which the judge gave no verdict. */
  public static final double NONE = -100;

  private static final double SMALLEST = Math.exp(NONE);

  private final Judge judge;
  private final String instructions;
  private final int option;
  private final String opponent;
  private final boolean verified;

  private JudgeRater(
      Judge judge, String instructions, int option, String opponent, boolean verified) {
    this.judge = Objects.requireNonNull(judge, "judge");
    this.instructions = Objects.requireNonNull(instructions, "instructions");
    this.option = option;
    this.opponent = Objects.requireNonNull(opponent, "opponent");
    this.verified = verified;
  }

  /**
   * Returns a rater.
   *
   * @param judge a judge whose verdicts have probabilities
   * @param instructions what the judge is told
   * @param option the index of the option that the drafts argue for
   * @param opponent the name of the other side, whose turn is still missing; empty when there is
   *     none
   * @throws IllegalArgumentException if the index is negative
   */
  public static JudgeRater of(Judge judge, String instructions, int option, String opponent) {
    if (option < 0) {
      throw new IllegalArgumentException("option must not be negative but was " + option);
    }
    return new JudgeRater(judge, instructions, option, opponent, false);
  }

  /** Returns this rater with quotes marked against the author's material before they are judged. */
  public JudgeRater verifiedQuotes() {
    return new JudgeRater(judge, instructions, option, opponent, true);
  }

  @Override
  public Ratings rate(View view, List<Turn> drafts, OversightContext context) {
    List<Double> values = new ArrayList<>();
    Allowance allowance = Allowance.of("rating drafts", context);
    try {
      for (Turn draft : drafts) {
        View shown = next(view, verified ? marked(view, draft) : draft);
        Verdict verdict = judge.judge(shown, allowance.next());
        allowance.spend(verdict.usage());
        values.add(value(verdict, view.options().get(option)));
      }
    } catch (BudgetExceededException limit) {
      return new Ratings(values, allowance.spent());
    }
    return new Ratings(values, allowance.spent());
  }

  private static Turn marked(View view, Turn draft) {
    return draft.withVisible(QuoteVerifier.of(view.material()).mark(draft.visible()));
  }

  private View next(View view, Turn draft) {
    List<Turn> turns = new ArrayList<>(view.turns());
    turns.add(draft);
    if (!opponent.isEmpty()) {
      turns.add(
          new Turn(
              opponent,
              draft.round(),
              "(This argument is not known yet.)",
              "",
              true,
              1,
              Usage.NONE));
    }
    return new View(
        "Judge", view.round(), instructions, view.question(), view.options(), List.of(), turns);
  }

  private static double value(Verdict verdict, String wanted) {
    if (!(verdict instanceof Verdict.Decided decided)) {
      return NONE;
    }
    double probability =
        decided.choice().equals(wanted) ? decided.probability() : 1 - decided.probability();
    return probability > SMALLEST ? Math.log(probability) : NONE;
  }
}
