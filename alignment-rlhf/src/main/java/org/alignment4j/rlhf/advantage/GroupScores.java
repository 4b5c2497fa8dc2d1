package org.alignment4j.rlhf.advantage;

import java.util.Arrays;

/** The rewards of a group's completions that have one. */
record GroupScores(int[] members, double[] scores) {

  static GroupScores of(Groups groups, int group, double[] totals, boolean[] absent) {
    int[] present = Arrays.stream(groups.members(group)).filter(s -> !absent[s]).toArray();
    return new GroupScores(present, Arrays.stream(present).mapToDouble(s -> totals[s]).toArray());
  }

  int size() {
    return members.length;
  }

  /** Whether nothing tells the members apart; a group of one is such. */
  boolean allEqual() {
    return MaskedStatistics.allEqual(scores);
  }

  double mean() {
    return MaskedStatistics.mean(scores);
  }

  /** The unbiased standard deviation; 0 of fewer than two. */
  double deviation() {
    return Math.sqrt(MaskedStatistics.variance(scores, Variance.BESSEL));
  }
}
