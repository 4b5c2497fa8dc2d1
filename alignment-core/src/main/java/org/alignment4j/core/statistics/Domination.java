package org.alignment4j.core.statistics;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A group of players that never lost to, nor drew with, the others: no finite rating fits it (Ford
 * 1957, assumption A).
 *
 * @param group whether each player is in the group
 * @param everCompared whether the group was compared with the others at all
 */
record Domination(boolean[] group, boolean everCompared) {

  /** Finds such a group by the reachability of the "won or drew against" graph, if there is one. */
  static Optional<Domination> find(double[][] wins) {
    int n = wins.length;
    boolean[] beaten = reached(wins, false);
    if (IntStream.range(0, n).anyMatch(p -> !beaten[p])) {
      // Nobody reached from player 0 ever won against the rest: the rest dominates.
      boolean[] rest = new boolean[n];
      for (int p = 0; p < n; p++) {
        rest[p] = !beaten[p];
      }
      return Optional.of(new Domination(rest, compared(wins, rest)));
    }
    boolean[] beating = reached(wins, true);
    return IntStream.range(0, n).anyMatch(p -> !beating[p])
        ? Optional.of(new Domination(beating, compared(wins, beating)))
        : Optional.empty();
  }

  /** Throws with the names of the players on both sides. */
  void refuse(List<String> players) {
    List<String> in = names(players, true);
    List<String> out = names(players, false);
    String rule =
        everCompared
            ? in + " never lost to nor drew with " + out
            : in + " and " + out + " were never compared";
    throw new IllegalArgumentException(
        "no finite ratings exist: "
            + rule
            + "; add comparisons, rate the groups apart, or use virtual games and say so");
  }

  private List<String> names(List<String> players, boolean inside) {
    return IntStream.range(0, group.length)
        .filter(p -> group[p] == inside)
        .mapToObj(players::get)
        .toList();
  }

  private static boolean[] reached(double[][] wins, boolean backwards) {
    boolean[] seen = new boolean[wins.length];
    Deque<Integer> open = new ArrayDeque<>();
    seen[0] = true;
    open.add(0);
    while (!open.isEmpty()) {
      int p = open.remove();
      for (int q = 0; q < wins.length; q++) {
        if (!seen[q] && (backwards ? wins[q][p] : wins[p][q]) > 0) {
          seen[q] = true;
          open.add(q);
        }
      }
    }
    return seen;
  }

  private static boolean compared(double[][] wins, boolean[] group) {
    for (int p = 0; p < wins.length; p++) {
      for (int q = 0; q < wins.length; q++) {
        if (group[p] != group[q] && wins[p][q] > 0) {
          return true;
        }
      }
    }
    return false;
  }
}
