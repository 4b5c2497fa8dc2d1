package org.alignment4j.api.training;

import java.util.List;
import org.alignment4j.api.model.LanguageModel;
import org.apiguardian.api.API;

/**
 * A way to train: a model and examples in, a <em>new</em> model out. Supervised fine-tuning learns
 * from {@link org.alignment4j.api.model.PromptCompletion}s, preference optimisation from {@link
 * org.alignment4j.api.reward.PreferencePair}s. An implementation is immutable and safe for
 * concurrent use, with another run folder for each run.
 *
 * @param <E> the examples
 */
@API(status = API.Status.STABLE, since = "0.1")
@FunctionalInterface
public interface Learner<E> {

  /**
   * Trains.
   *
   * @param model where to start; left as it is
   * @param examples what to learn from, at least one
   * @param context seed, run folder, progress and cancellation
   * @return the trained model; when it is {@link AutoCloseable}, the caller closes it
   * @throws IllegalArgumentException when the model is of a kind that this learner cannot train, or
   *     there is no example
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.TrainingDivergedException when the loss stops being finite
   * @throws org.alignment4j.api.RunFolderException when the run folder cannot be used
   */
  LanguageModel train(LanguageModel model, List<? extends E> examples, TrainingContext context);
}
