package org.alignment4j.examples.compare;

/**
 * How much there is to learn from and to measure on.
 *
 * @param pairs preference pairs to train on; other data are made of as many
 * @param rewardPairs pairs of the reward model
 * @param prompts prompts that methods which sample are given
 * @param heldOutPairs pairs for each of the two aspects to evaluate losses on
 * @param items at most so many held-out prompts of each kind
 */
public record Sizes(int pairs, int rewardPairs, int prompts, int heldOutPairs, int items) {

  /** Checks that there is something of each. */
  public Sizes {
    for (int size : new int[] {pairs, rewardPairs, prompts, heldOutPairs, items}) {
      if (size < 2) {
        throw new IllegalArgumentException("sizes must be at least 2 but one was " + size);
      }
    }
  }

  /** The sizes of the program. */
  public static Sizes standard() {
    return new Sizes(800, 800, 384, 100, 200);
  }

  /** These sizes with at most so many held-out prompts of each kind. */
  public Sizes withItems(int limit) {
    return new Sizes(pairs, rewardPairs, prompts, heldOutPairs, limit);
  }
}
