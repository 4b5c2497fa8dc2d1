package org.alignment4j.oversight.amplify.task;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Queue;

/**
 * A graph as the facts of a task. Immutable.
 *
 * @param lists the vertices that each vertex leads to, each of 0 to n − 1
 */
record Adjacency(List<List<Integer>> lists) {
  /** The distance of a vertex that is not reached. */
  static final int UNREACHABLE = -1;

  /** Returns whether there is such an edge, 1 or 0; empty where there is no such vertex. */
  OptionalInt edge(int from, int to) {
    return within(from)
        ? OptionalInt.of(lists.get(from).contains(to) ? 1 : 0)
        : OptionalInt.empty();
  }

  /** Returns one of the vertices a vertex leads to; any number decides which. */
  OptionalInt neighbour(int from, int draw) {
    return within(from) && !lists.get(from).isEmpty()
        ? OptionalInt.of(lists.get(from).get(Math.floorMod(draw, lists.get(from).size())))
        : OptionalInt.empty();
  }

  boolean within(int vertex) {
    return vertex >= 0 && vertex < lists.size();
  }

  /** Walks from the starts along the edges, nearest vertices first. */
  Walk walk(List<Integer> starts) {
    Walk walk = new Walk(new int[lists.size()], new int[lists.size()]);
    Arrays.fill(walk.distances, UNREACHABLE);
    for (int start : starts) {
      walk.distances[start] = 0;
      walk.origins[start] = start;
    }
    Queue<Integer> open = new ArrayDeque<>(starts);
    for (Integer at = open.poll(); at != null; at = open.poll()) {
      for (int next : lists.get(at)) {
        if (walk.distances[next] == UNREACHABLE) {
          walk.distances[next] = walk.distances[at] + 1;
          walk.origins[next] = walk.origins[at];
          open.add(next);
        }
      }
    }
    return walk;
  }

  /**
   * What a walk found.
   *
   * @param distances how many edges each vertex is away; {@link #UNREACHABLE} for those that are
   *     not reached
   * @param origins the start each reached vertex is so far away from
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Walk(int[] distances, int[] origins) {}
}
