package org.alignment4j.examples.sentiment;

/**
 * Sizes and rates of a run.
 *
 * @param seed of the split, the samples and training
 * @param trainingPrompts prompts to train on
 * @param heldOutPrompts prompts to measure on
 * @param replyTokens tokens of a reply
 * @param labelledReplies replies to each training prompt that the lexicon labels
 * @param rankedReplies fresh replies to each training prompt that the reward model ranks
 * @param pairs pairs taken from each prompt's ranked replies: best and worst, second best and
 *     second worst, and so on
 * @param measuredReplies replies to each held-out prompt
 * @param rewardEpochs passes of the reward model over its pairs
 * @param rewardRate learning rate of the reward model
 * @param beta of DPO: the higher, the nearer the tuned model stays to the base
 * @param epochs passes of DPO over its pairs
 * @param rate learning rate of DPO
 */
public record SentimentSettings(
    long seed,
    int trainingPrompts,
    int heldOutPrompts,
    int replyTokens,
    int labelledReplies,
    int rankedReplies,
    int pairs,
    int measuredReplies,
    int rewardEpochs,
    double rewardRate,
    double beta,
    int epochs,
    double rate) {

  /** Checks what trainers do not. */
  public SentimentSettings {
    requireAtLeast("trainingPrompts", trainingPrompts, 1);
    requireAtLeast("heldOutPrompts", heldOutPrompts, 2);
    requireAtLeast("replyTokens", replyTokens, 1);
    requireAtLeast("labelledReplies", labelledReplies, 2);
    requireAtLeast("rankedReplies", rankedReplies, 2);
    requireAtLeast("pairs", pairs, 1);
    requireAtLeast("measuredReplies", measuredReplies, 2);
  }

  private static void requireAtLeast(String name, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(name + " must be at least " + least + " but was " + value);
    }
  }

  /**
   * Returns the settings of the program.
   *
   * @param seed of the split, the samples and training
   * @param beta of DPO
   * @return the settings
   */
  public static SentimentSettings defaults(long seed, double beta) {
    return new SentimentSettings(seed, 500, 200, 64, 8, 8, 2, 4, 2, 1e-3, beta, 1, 1e-4);
  }
}
