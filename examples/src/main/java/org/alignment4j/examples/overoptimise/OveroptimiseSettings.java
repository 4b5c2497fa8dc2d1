package org.alignment4j.examples.overoptimise;

/**
 * Sizes and rates of a run.
 *
 * @param seed of data, samples and training
 * @param pairs of the proxy: few, so that it has flaws to be found
 * @param harmful held-out harmful requests that policies are measured on, at most
 * @param benign held-out benign requests, at most
 * @param replyTokens most tokens of a reply
 * @param pool replies of the initial policy to each held-out request
 * @param measured replies of each checkpoint to each held-out request
 * @param stages checkpoints of the run
 * @param steps of each stage
 * @param prompts of each step
 * @param group replies to each prompt of a step
 * @param rate learning rate
 */
public record OveroptimiseSettings(
    long seed,
    int pairs,
    int harmful,
    int benign,
    int replyTokens,
    int pool,
    int measured,
    int stages,
    int steps,
    int prompts,
    int group,
    double rate) {

  private static final int LEAST_STAGES = 3;

  /** Checks what trainers and the study do not. */
  public OveroptimiseSettings {
    requireAtLeast("pairs", pairs, 1);
    requireAtLeast("harmful", harmful, 1);
    requireAtLeast("benign", benign, 1);
    requireAtLeast("stages", stages, LEAST_STAGES);
    requireAtLeast("steps", steps, 1);
    requireAtLeast("prompts", prompts, 1);
  }

  private static void requireAtLeast(String name, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(name + " must be at least " + least + " but was " + value);
    }
  }

  /**
   * Returns the settings of the program: all 112 held-out harmful requests and as many benign ones,
   * with the study's own number of replies.
   *
   * @param seed of data, samples and training
   * @return the settings
   */
  public static OveroptimiseSettings defaults(long seed) {
    return new OveroptimiseSettings(seed, 96, 112, 112, 40, 64, 4, 8, 4, 12, 8, 1e-4);
  }
}
