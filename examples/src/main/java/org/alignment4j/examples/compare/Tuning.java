package org.alignment4j.examples.compare;

import java.util.LinkedHashMap;
import java.util.Map;
import org.alignment4j.rlhf.TrainerSettings;
import org.alignment4j.runtime.train.Lora;

/**
 * What differs between the trainings of methods. All train a low-rank adapter of one rank, and
 * methods of one kind share a rate. Where an own objective did not improve clearly on seed 101,
 * which is none of those reported, the rate was changed by what that seed showed.
 *
 * @param rate the highest learning rate
 * @param batch examples or prompts of an update
 * @param epochs passes over them
 */
record Tuning(double rate, int batch, int epochs) {

  static final int RANK = 16;
  static final int BATCH = 16;

  /** One pass in batches of 16. */
  static Tuning of(double rate) {
    return new Tuning(rate, BATCH, 1);
  }

  <T extends TrainerSettings<T>> T apply(T trainer) {
    return trainer.options(
        trainer
            .options()
            .withEpochs(epochs)
            .withBatchSize(batch)
            .withLearningRate(rate)
            .withAdapter(Lora.rank(RANK)));
  }

  /**
   * These settings by name, with others of a method.
   *
   * @param own names and values in turn
   */
  Map<String, String> settings(Object... own) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("learning rate", Double.toString(rate));
    settings.put("batch", Integer.toString(batch));
    settings.put("epochs", Integer.toString(epochs));
    settings.put("adapter rank", Integer.toString(RANK));
    for (int i = 0; i < own.length; i += 2) {
      settings.put(own[i].toString(), own[i + 1].toString());
    }
    return settings;
  }
}
