package org.alignment4j.runtime.train;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Names by how near they are to one that is not among them, as typed wrongly. */
final class NearestNames {

  private NearestNames() {}

  /** All names, the nearest first; those as near as another stay in their order. */
  static List<String> of(String name, Collection<String> names) {
    return names.stream()
        .sorted(Comparator.comparingInt((String other) -> distance(name, other)))
        .toList();
  }

  /** The least number of characters inserted, removed or replaced (Levenshtein 1966). */
  static int distance(String one, String other) {
    int[] above = new int[other.length() + 1];
    for (int j = 0; j < above.length; j++) {
      above[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      int[] row = new int[above.length];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int replaced = above[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, 1 + Math.min(above[j], row[j - 1]));
      }
      above = row;
    }
    return above[other.length()];
  }
}
