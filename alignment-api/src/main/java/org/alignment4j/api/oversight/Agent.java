package org.alignment4j.api.oversight;

import org.apiguardian.api.API;

/** Plays a role: a model, a person, a script. Safe for concurrent calls. */
@API(status = API.Status.STABLE, since = "0.1")
@FunctionalInterface
public interface Agent {

  /**
   * Takes a turn.
   *
   * @param view what the role knows
   * @param context seed, budget, progress and cancellation
   * @return what it says; invalid when it did not keep the form after all attempts
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model behind it fails
   */
  Turn act(View view, OversightContext context);
}
