package org.alignment4j.oversight.tournament;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/**
 * Whether players can be paired so that nobody meets again, in time of the third power of their
 * number (Edmonds 1965, Paths, trees, and flowers): pairs are changed along paths between two who
 * wait, and a cycle of an odd number of players counts as one.
 */
final class PerfectMatching {
  private static final int NONE = -1;

  private final boolean[][] free;
  private final int[] partner;

  /** Whence the search came to a player; within a contracted cycle, how it goes on. */
  private final int[] from;

  /** Who stands for the contracted cycle of a player. */
  private final int[] base;

  /** Whether an even number of steps leads from the root of the search to a player. */
  private final boolean[] even;

  private PerfectMatching(boolean[][] free) {
    this.free = free;
    this.partner = new int[free.length];
    this.from = new int[free.length];
    this.base = new int[free.length];
    this.even = new boolean[free.length];
    Arrays.fill(partner, NONE);
  }

  /**
   * Returns whether there is such a pairing.
   *
   * @param players who must have a partner
   * @param met pairs that have met
   */
  static boolean exists(List<String> players, Set<Set<String>> met) {
    boolean[][] free = new boolean[players.size()][players.size()];
    for (int i = 0; i < free.length; i++) {
      for (int j = 0; j < i; j++) {
        free[i][j] = !met.contains(Set.of(players.get(i), players.get(j)));
        free[j][i] = free[i][j];
      }
    }
    return new PerfectMatching(free).perfect();
  }

  private boolean perfect() {
    for (int root = 0; root < partner.length; root++) {
      if (partner[root] == NONE && !augmented(root)) {
        return false;
      }
    }
    return true;
  }

  private boolean augmented(int root) {
    Arrays.fill(from, NONE);
    Arrays.fill(even, false);
    Arrays.setAll(base, i -> i);
    Deque<Integer> waiting = new ArrayDeque<>();
    even[root] = true;
    waiting.add(root);
    while (!waiting.isEmpty()) {
      int one = waiting.remove();
      for (int other = 0; other < partner.length; other++) {
        if (!free[one][other] || base[one] == base[other]) {
          continue;
        }
        if (even[other]) {
          contract(one, other, waiting);
        } else if (from[other] == NONE) {
          from[other] = one;
          if (partner[other] == NONE) {
            changePairs(other);
            return true;
          }
          even[partner[other]] = true;
          waiting.add(partner[other]);
        }
      }
    }
    return false;
  }

  private void changePairs(int end) {
    int at = end;
    while (at != NONE) {
      int before = from[at];
      int left = partner[before];
      partner[at] = before;
      partner[before] = at;
      at = left;
    }
  }

  private void contract(int one, int other, Deque<Integer> waiting) {
    int top = commonBase(one, other);
    boolean[] within = new boolean[base.length];
    join(one, other, top, within);
    join(other, one, top, within);
    for (int i = 0; i < base.length; i++) {
      if (within[base[i]]) {
        base[i] = top;
        if (!even[i]) {
          even[i] = true;
          waiting.add(i);
        }
      }
    }
  }

  private int commonBase(int one, int other) {
    boolean[] passed = new boolean[base.length];
    int at = base[one];
    passed[at] = true;
    while (partner[at] != NONE) {
      at = base[from[partner[at]]];
      passed[at] = true;
    }
    at = base[other];
    while (!passed[at]) {
      at = base[from[partner[at]]];
    }
    return at;
  }

  private void join(int end, int across, int top, boolean[] within) {
    int at = end;
    int next = across;
    while (base[at] != top) {
      within[base[at]] = true;
      within[base[partner[at]]] = true;
      from[at] = next;
      next = partner[at];
      at = from[partner[at]];
    }
  }
}
