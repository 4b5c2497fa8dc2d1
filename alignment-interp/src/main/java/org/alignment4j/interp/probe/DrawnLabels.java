package org.alignment4j.interp.probe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Labels that say nothing: for control tasks and random baselines. */
final class DrawnLabels {

  private DrawnLabels() {}

  static boolean[] byType(int[] types, RandomGenerator random) {
    int[] distinct = Arrays.stream(types).distinct().sorted().toArray();
    Map<Integer, Boolean> byType = new LinkedHashMap<>();
    // Half of the types each: a control with one class only could not be fitted.
    int[] order = shuffled(distinct.length, random);
    for (int i = 0; i < order.length; i++) {
      byType.put(distinct[order[i]], i < (order.length + 1) / 2);
    }
    boolean[] labels = new boolean[types.length];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = byType.getOrDefault(types[i], false);
    }
    return labels;
  }

  /**
   * Labels of groups handed to other groups, so that rows of a group that had one label have one
   * again; a group takes labels from its donor's by turns.
   */
  static boolean[] betweenGroups(boolean[] labels, int[] groups, RandomGenerator random) {
    List<int[]> members = members(groups);
    int[] donors = shuffled(members.size(), random);
    boolean[] out = new boolean[labels.length];
    for (int g = 0; g < donors.length; g++) {
      int[] own = members.get(g);
      int[] donor = members.get(donors[g]);
      for (int i = 0; i < own.length; i++) {
        out[own[i]] = labels[donor[i % donor.length]];
      }
    }
    return out;
  }

  private static int[] shuffled(int n, RandomGenerator random) {
    int[] order = all(n);
    for (int i = n - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int moved = order[i];
      order[i] = order[j];
      order[j] = moved;
    }
    return order;
  }

  static List<int[]> members(int[] groups) {
    Map<Integer, List<Integer>> members = new LinkedHashMap<>();
    for (int i = 0; i < groups.length; i++) {
      members.computeIfAbsent(groups[i], g -> new ArrayList<>()).add(i);
    }
    return members.values().stream().map(rows -> rows.stream().mapToInt(i -> i).toArray()).toList();
  }

  static int[] all(int n) {
    int[] all = new int[n];
    Arrays.setAll(all, i -> i);
    return all;
  }
}
