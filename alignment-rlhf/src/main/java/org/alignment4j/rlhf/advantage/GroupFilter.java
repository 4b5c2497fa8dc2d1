package org.alignment4j.rlhf.advantage;

import org.apiguardian.api.API;

/**
 * Dynamic sampling (Yu et al. 2025, DAPO, arXiv 2503.14476, section 3.2): drops the groups whose
 * rewards are all equal, since they teach nothing and thin out the others. Immutable and
 * thread-safe.
 *
 * @param tolerance how far rewards may lie apart and still count as equal, finite and not negative
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record GroupFilter(double tolerance) {

  /**
   * Checks the setting.
   *
   * @throws IllegalArgumentException when the tolerance is negative or not finite
   */
  public GroupFilter {
    Settings.requireNotNegative("tolerance", tolerance);
  }

  /**
   * Returns the filter that drops groups of exactly equal rewards.
   *
   * @return the filter
   */
  public static GroupFilter exact() {
    return new GroupFilter(0);
  }

  /**
   * Returns which groups are dropped.
   *
   * @param rewards rewards of the step; those of completions without one have no part
   * @param groups which completions answer the same prompt
   * @return whether each group is dropped, {@code [groups]}; one with fewer than two rewards is
   * @throws IllegalArgumentException when the numbers of sequences differ
   */
  public boolean[] droppedGroups(SequenceRewards rewards, Groups groups) {
    Shapes.requireSequences("rewards", rewards.sequences(), groups);
    double[] totals = rewards.totals();
    boolean[] absent = rewards.absent();
    boolean[] dropped = new boolean[groups.count()];
    for (int g = 0; g < dropped.length; g++) {
      double low = Double.POSITIVE_INFINITY;
      double high = Double.NEGATIVE_INFINITY;
      for (double score : GroupScores.of(groups, g, totals, absent).scores()) {
        low = Math.min(low, score);
        high = Math.max(high, score);
      }
      dropped[g] = !(high - low > tolerance);
    }
    return dropped;
  }

  /**
   * Returns which sequences are dropped, for {@link CompletionMask#without(boolean[])}.
   *
   * @param rewards rewards of the step
   * @param groups which completions answer the same prompt
   * @return whether the group of each sequence is dropped, {@code [sequences]}
   * @throws IllegalArgumentException when the numbers of sequences differ
   */
  public boolean[] droppedSequences(SequenceRewards rewards, Groups groups) {
    boolean[] byGroup = droppedGroups(rewards, groups);
    boolean[] dropped = new boolean[groups.sequences()];
    for (int s = 0; s < dropped.length; s++) {
      dropped[s] = byGroup[groups.of(s)];
    }
    return dropped;
  }
}
