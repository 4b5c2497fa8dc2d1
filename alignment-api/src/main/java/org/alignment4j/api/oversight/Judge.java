package org.alignment4j.api.oversight;

import org.apiguardian.api.API;

/** Decides between options: a model, a person, a rule. Safe for concurrent calls. */
@API(status = API.Status.STABLE, since = "0.1")
@FunctionalInterface
public interface Judge {

  /**
   * Judges.
   *
   * @param view what the judge knows, with at least two options
   * @param context seed, budget, progress and cancellation
   * @return the verdict
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model behind it fails
   */
  Verdict judge(View view, OversightContext context);
}
