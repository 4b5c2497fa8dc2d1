package org.alignment4j.oversight.society;

import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.View;
import org.apiguardian.api.API;

/** Ends a debate when its answer is clear. Safe for concurrent calls. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@FunctionalInterface
public interface Moderator {

  /**
   * Moderates.
   *
   * @param view the question and all turns so far
   * @param context seed, budget, progress and cancellation
   * @return an answer that ends the debate, or no preference
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model behind it fails
   */
  Moderation moderate(View view, OversightContext context);
}
