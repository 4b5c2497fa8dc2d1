package org.alignment4j.rlhf;

/** For tests: iterations of sampling, selecting and learning on a small model. */
abstract class RaftTrainings extends WantedTokens {

  RaftTrainer trainer(RewardFunction reward) {
    return RaftTrainer.of(base)
        .reward(reward)
        .rollouts(RolloutOptions.of(LENGTH))
        .samples(4)
        .truncated(TruncatedAnswers.KEEP)
        .iterations(3)
        .batchSize(4)
        .epochs(2)
        .learningRate(1e-2);
  }
}
