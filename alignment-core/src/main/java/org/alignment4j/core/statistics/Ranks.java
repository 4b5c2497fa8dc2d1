package org.alignment4j.core.statistics;

import java.util.Arrays;
import java.util.Comparator;

/** Ranks from 1, equal values sharing the mean of theirs (mid-ranks). */
final class Ranks {

  private Ranks() {}

  static double[] of(double[] values) {
    int n = values.length;
    Integer[] order = new Integer[n];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingDouble(i -> values[i]));
    double[] ranks = new double[n];
    for (int start = 0; start < n; ) {
      int end = start;
      while (end < n && values[order[end]] == values[order[start]]) {
        end++;
      }
      for (int i = start; i < end; i++) {
        ranks[order[i]] = (start + 1 + end) / 2.0;
      }
      start = end;
    }
    return ranks;
  }
}
