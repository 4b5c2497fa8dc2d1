package org.alignment4j.rlhf;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.train.Metrics;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A small model that is rewarded for one token, and prompts for it. */
abstract class WantedTokens {

  static final int VOCAB = 12;
  static final int WANTED = 5;
  static final int LENGTH = 6;

  /** The share of one token among those of a completion. */
  static final RewardFunction REWARD = RewardFunction.each("wanted", WantedTokens::wanted);

  @TempDir Path folder;

  ConfigJson config;
  DecoderModel base;

  static double wanted(Rollout rollout) {
    return Arrays.stream(rollout.tokens().toArray()).filter(t -> t == WANTED).count()
        / (double) rollout.tokens().size();
  }

  /** No two of the same answers' tokens tie. */
  static double number(Rollout rollout) {
    double value = 0;
    for (int token : rollout.tokens().toArray()) {
      value = value / 3 + token * token % 7;
    }
    return value;
  }

  @BeforeEach
  void open() {
    config = TestModels.config("llama", VOCAB, 16, 2, 32);
    base = TestModels.of(config, TestModels.weights(config, 0.4));
  }

  @AfterEach
  void close() {
    base.close();
  }

  static List<Prompt> prompts(int count) {
    Random random = new Random(3);
    List<Prompt> prompts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      prompts.add(Prompt.tokens(random.ints(2 + i % 3, 0, VOCAB).toArray()));
    }
    return prompts;
  }

  static double mean(List<Metrics> metrics, String name) {
    return metrics.stream().mapToDouble(m -> m.values().get(name)).average().orElseThrow();
  }
}
