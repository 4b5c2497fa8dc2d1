package org.alignment4j.oversight.agent;

import java.util.List;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.Turn;
import org.alignment4j.api.oversight.View;
import org.apiguardian.api.API;

/** Says how good drafts of a turn are. Safe for concurrent calls. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@FunctionalInterface
public interface DraftRater {

  /**
   * Rates drafts.
   *
   * @param view what their author knew
   * @param drafts at least one
   * @param context seed, cancellation, and a budget that has room for a call
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when a model fails
   */
  Ratings rate(View view, List<Turn> drafts, OversightContext context);

  /**
   * How good drafts are.
   *
   * @param values one for each draft, in order, or for the first of them alone where the budget
   *     ended; more is better, NaN is refused
   * @param usage what it cost
   */
  record Ratings(List<Double> values, Usage usage) {
    /**
     * Checks and copies.
     *
     * @throws IllegalArgumentException if a value is not a number
     */
    public Ratings {
      values = List.copyOf(values);
      if (values.stream().anyMatch(value -> value.isNaN())) {
        throw new IllegalArgumentException("ratings must be numbers but were " + values);
      }
    }

    /** The index of the best draft that was rated, the first of equals; 0 when none was. */
    public int best() {
      int best = 0;
      for (int i = 1; i < values.size(); i++) {
        if (values.get(i) > values.get(best)) {
          best = i;
        }
      }
      return best;
    }
  }
}
