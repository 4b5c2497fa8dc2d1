package org.alignment4j.rlhf;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.Metrics;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** For tests: the bundled model, and runs of it that take a second. */
abstract class PocketTraining {

  static DecoderModel base;

  @BeforeAll
  static void load(@TempDir Path folder) {
    base = TestModels.pocket(folder);
  }

  @AfterAll
  static void close() {
    if (base != null) {
      base.close();
    }
  }

  static List<PreferencePair> pairs() {
    String[] names = {"Tim", "Lily", "Ben", "Sue", "Tom", "Mia"};
    List<PreferencePair> pairs = new ArrayList<>();
    for (String name : names) {
      pairs.add(
          new PreferencePair(
              Prompt.text("One day " + name + " saw"),
              " a big red ball.",
              " nothing and went home."));
    }
    return pairs;
  }

  static List<PromptCompletion> answers() {
    return pairs().stream().map(PreferencePair::chosenCompletion).toList();
  }

  static PreferenceTrainer preferences() {
    return PreferenceTrainer.of(base, PreferenceLoss.dpo(0.1))
        .learningRate(1e-3)
        .batchSize(3)
        .epochs(4)
        .seed(3);
  }

  static double value(Metrics metrics, String name) {
    return metrics.values().get(name);
  }
}
