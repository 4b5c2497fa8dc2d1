package org.alignment4j.rlhf;

import java.util.Arrays;

/** For tests: policies trained beside critics, on a small model whose reward is known. */
abstract class CriticTrainings extends WantedTokens {

  static double share(Rollout rollout, int token) {
    return Arrays.stream(rollout.tokens().toArray()).filter(t -> t == token).count()
        / (double) rollout.tokens().size();
  }

  PolicyTrainer trainer(PolicyMethod method) {
    return PolicyTrainer.of(base, method)
        .reward(REWARD)
        .critic(Critic.standard().learningRate(1e-2))
        .rollouts(RolloutOptions.of(LENGTH))
        .batchSize(16)
        .learningRate(1e-2);
  }
}
