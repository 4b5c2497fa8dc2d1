package org.alignment4j.oversight;

import org.alignment4j.api.model.LanguageModel;
import org.apiguardian.api.API;

/** What loops require of models that are trained one from the other. Pure functions. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class TrainedModels {
  private TrainedModels() {}

  /**
   * Requires that a trained model can be told from the one before where something stands between
   * loop and model, such as a journal, which files answers by id and would answer for it.
   *
   * @param before the model before training
   * @param trained the model after training
   * @param asked what was asked in the place of the model before
   * @throws IllegalStateException if both models have one id
   */
  public static void requireOwnId(
      LanguageModel before, LanguageModel trained, LanguageModel asked) {
    if (asked != before && trained != before && trained.id().equals(before.id())) {
      throw new IllegalStateException(
          "a trained model must have an id of its own where calls are recorded, since answers are"
              + " filed by id, but has that of the model before, '"
              + before.id()
              + "'; have the learner give it another");
    }
  }
}
