package org.alignment4j.rlhf.study;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.rlhf.PolicyMethod;
import org.alignment4j.rlhf.PolicyTrainer;
import org.alignment4j.rlhf.PolicyTraining;
import org.alignment4j.rlhf.RewardFunction;
import org.alignment4j.rlhf.Rollout;
import org.alignment4j.rlhf.RolloutOptions;
import org.alignment4j.rlhf.TestModels;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.train.Lora;

/** For tests: a small policy, rewards that count its tokens, and runs that maximise them. */
final class TokenRewards {

  static final int VOCAB = 12;
  static final int LENGTH = 6;

  private TokenRewards() {}

  static DecoderModel base() {
    ConfigJson config = TestModels.config("llama", VOCAB, 16, 2, 32);
    return TestModels.of(config, TestModels.weights(config, 0.4));
  }

  static List<Prompt> prompts(int count, long seed) {
    Random random = new Random(seed);
    List<Prompt> prompts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      prompts.add(Prompt.tokens(random.ints(4, 0, VOCAB).toArray()));
    }
    return prompts;
  }

  static double count(Rollout answer, int token) {
    return Arrays.stream(answer.tokens().toArray()).filter(t -> t == token).count();
  }

  static RewardFunction counting(String name, int token) {
    return RewardFunction.each(name, answer -> count(answer, token));
  }

  /** The policy after so many steps each. */
  static List<DecoderModel> trained(DecoderModel base, RewardFunction reward, int... steps) {
    List<DecoderModel> policies = new ArrayList<>();
    try (PolicyTraining training =
        PolicyTrainer.of(base, PolicyMethod.grpo())
            .reward(reward)
            .rollouts(RolloutOptions.of(LENGTH))
            .batchSize(4)
            .learningRate(2e-2)
            .adapter(Lora.rank(4))
            .epochs(60)
            .begin(prompts(8, 3))) {
      for (int at : steps) {
        while (training.done() < at) {
          training.step();
        }
        policies.add(training.model());
      }
    }
    return policies;
  }
}
