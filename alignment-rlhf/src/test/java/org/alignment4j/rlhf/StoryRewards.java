package org.alignment4j.rlhf;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.api.reward.Reward;
import org.alignment4j.api.reward.RewardModel;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.Metrics;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** For tests: reward models of a real small model. */
abstract class StoryRewards {

  static DecoderModel base;

  @BeforeAll
  static void load() {
    base = DecoderModel.load(SharedFiles.require("models/stories260K"));
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

  static RewardModelTrainer rewards() {
    return RewardModelTrainer.of(base).learningRate(1e-3).batchSize(3).epochs(4).seed(3);
  }

  static double value(Metrics metrics, String name) {
    return metrics.values().get(name);
  }

  static List<PromptCompletion> answers() {
    List<PromptCompletion> answers = new ArrayList<>();
    for (PreferencePair pair : pairs()) {
      answers.add(pair.chosenCompletion());
      answers.add(pair.rejectedCompletion());
    }
    return answers;
  }

  static double[] values(RewardModel model, List<PromptCompletion> answers) {
    return model.score(answers).stream().mapToDouble(Reward::value).toArray();
  }
}
