package org.alignment4j.examples.sentiment;

import java.util.Locale;

/**
 * Reinforcement learning from the reward model's score, brought to mean 0 and deviation 1, less a
 * penalty on divergence. Training comes to rest where another nat of divergence brings less reward
 * than the penalty takes, so that no step has to be chosen to stop at.
 *
 * @param algorithm which algorithm
 * @param prompts of each step
 * @param replies to each prompt of a step
 * @param penalty what a nat of divergence from the base costs, in deviations of the reward
 * @param entropy coefficient of the bonus for the entropy of tokens, which keeps replies diverse
 * @param epochs passes over the training prompts
 * @param rate learning rate
 * @param criticRate learning rate of the critic, for algorithms that have one
 */
public record ReinforcementSettings(
    Algorithm algorithm,
    int prompts,
    int replies,
    double penalty,
    double entropy,
    int epochs,
    double rate,
    double criticRate)
    implements TuningSettings {

  /** How advantages are found. */
  public enum Algorithm {
    /** Rewards relative to other replies to the prompt. */
    GRPO,
    /** Rewards of tokens relative to a critic's values. */
    PPO
  }

  /** Checks what the trainer does not. */
  public ReinforcementSettings {
    SentimentSettings.requireAtLeast("prompts", prompts, 1);
    SentimentSettings.requireAtLeast("replies", replies, algorithm == Algorithm.GRPO ? 2 : 1);
    if (!(penalty > 0) || Double.isInfinite(penalty)) {
      throw new IllegalArgumentException("penalty must be positive and finite but was " + penalty);
    }
  }

  /**
   * Returns GRPO as the program runs it.
   *
   * @return the settings
   */
  public static ReinforcementSettings grpo() {
    return new ReinforcementSettings(Algorithm.GRPO, 20, 8, 0.2, 0.03, 2, 1e-4, 1e-3);
  }

  /**
   * Returns PPO as the program runs it.
   *
   * @return the settings
   */
  public static ReinforcementSettings ppo() {
    return new ReinforcementSettings(Algorithm.PPO, 125, 1, 0.25, 0.03, 5, 1e-4, 1e-3);
  }

  @Override
  public String method() {
    return algorithm.name().toUpperCase(Locale.ROOT);
  }
}
