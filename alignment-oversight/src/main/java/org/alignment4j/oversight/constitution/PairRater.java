package org.alignment4j.oversight.constitution;

import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.reward.Comparison;
import org.apiguardian.api.API;

/** Compares two answers by a principle, in both orders. Safe for concurrent calls. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@FunctionalInterface
public interface PairRater {

  /**
   * Compares.
   *
   * @param principle what counts, in words
   * @param context seed, budget, progress and cancellation
   * @return the label; incomplete, with what it cost, when the budget ended before both orders were
   *     judged
   * @throws IllegalArgumentException if the request is a prompt of token ids
   * @throws org.alignment4j.api.CancelledException if cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException if the model fails
   */
  PairLabel rate(Comparison comparison, String principle, OversightContext context);
}
