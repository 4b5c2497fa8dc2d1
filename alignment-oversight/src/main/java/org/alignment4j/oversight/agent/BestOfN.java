package org.alignment4j.oversight.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.alignment4j.api.BudgetExceededException;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Agent;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.Turn;
import org.alignment4j.api.oversight.View;
import org.alignment4j.oversight.budget.Allowance;
import org.apiguardian.api.API;

/**
 * Says the best of several drafts, valid ones before invalid ones. The turn carries the cost of all
 * drafts and their ratings. Where the budget ends, it is the best of those that were drawn and
 * rated by then, or the first when none was rated. Immutable.
 *
 * @param drafter who writes
 * @param count how many drafts there are
 * @param rater who rates them; not asked when there is one
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record BestOfN(Drafter drafter, int count, DraftRater rater) implements Agent {
  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if the count is less than 1
   */
  public BestOfN {
    Objects.requireNonNull(drafter, "drafter");
    Objects.requireNonNull(rater, "rater");
    if (count < 1) {
      throw new IllegalArgumentException("count must be at least 1 but was " + count);
    }
  }

  @Override
  public Turn act(View view, OversightContext context) {
    Allowance allowance = Allowance.of("the best of " + count + " drafts", context);
    List<Turn> drafts = drafter.draft(view, count, allowance.next());
    allowance.spend(sum(drafts));
    List<Turn> valid = drafts.stream().filter(Turn::valid).toList();
    List<Turn> rated = valid.isEmpty() ? drafts : valid;
    Turn best = rated.get(best(rater, view, rated, allowance));
    return best.withUsage(allowance.spent());
  }

  /** The index of the best draft; the first where the budget has no room for ratings. */
  static int best(DraftRater rater, View view, List<Turn> drafts, Allowance allowance) {
    if (drafts.size() == 1) {
      return 0;
    }
    try {
      DraftRater.Ratings ratings = rater.rate(view, drafts, allowance.next());
      allowance.spend(ratings.usage());
      return ratings.best();
    } catch (BudgetExceededException limit) {
      return 0;
    }
  }

  static Usage sum(List<Turn> turns) {
    List<Usage> costs = new ArrayList<>();
    turns.forEach(turn -> costs.add(turn.usage()));
    return costs.stream().reduce(Usage.NONE, Usage::plus);
  }
}
