package org.alignment4j.examples.sentiment;

/**
 * Sizes and rates of a run.
 *
 * @param seed of the split, the samples and training
 * @param trainingPrompts prompts to train on
 * @param heldOutPrompts prompts to measure on
 * @param replyTokens tokens of a reply
 * @param labelledReplies replies to each training prompt that the lexicon labels
 * @param measuredReplies replies to each held-out prompt
 * @param rewardEpochs passes of the reward model over its pairs
 * @param rewardRate learning rate of the reward model
 * @param tuning how the story model learns from the reward model
 */
public record SentimentSettings(
    long seed,
    int trainingPrompts,
    int heldOutPrompts,
    int replyTokens,
    int labelledReplies,
    int measuredReplies,
    int rewardEpochs,
    double rewardRate,
    TuningSettings tuning) {

  /** Checks what trainers do not. */
  public SentimentSettings {
    requireAtLeast("trainingPrompts", trainingPrompts, 1);
    requireAtLeast("heldOutPrompts", heldOutPrompts, 2);
    requireAtLeast("replyTokens", replyTokens, 1);
    requireAtLeast("labelledReplies", labelledReplies, 2);
    requireAtLeast("measuredReplies", measuredReplies, 2);
  }

  static void requireAtLeast(String name, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(name + " must be at least " + least + " but was " + value);
    }
  }

  /**
   * Returns the settings of the program.
   *
   * @param seed of the split, the samples and training
   * @param tuning how the story model learns from the reward model
   * @return the settings
   */
  public static SentimentSettings defaults(long seed, TuningSettings tuning) {
    return new SentimentSettings(seed, 500, 200, 64, 8, 4, 2, 1e-3, tuning);
  }
}
