package org.alignment4j.api.oversight;

import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.training.Learner;
import org.apiguardian.api.API;

/**
 * Makes a model better with its own help, round after round: amplify and distil (Christiano et al.
 * 2018), recursive reward modelling (Leike et al. 2018).
 *
 * @param <E> the examples it trains on
 */
@API(status = API.Status.STABLE, since = "0.1")
@FunctionalInterface
public interface AmplificationLoop<E> {

  /**
   * Runs the loop.
   *
   * @param model where to start; left as it is
   * @param learner how each round trains
   * @param context seed, budget, progress and cancellation
   * @return the model of the last round that was finished
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when a model fails
   * @throws org.alignment4j.api.TrainingDivergedException when training diverges
   */
  LanguageModel run(LanguageModel model, Learner<E> learner, OversightContext context);
}
