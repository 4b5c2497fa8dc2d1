package org.alignment4j.oversight.amplify.task;

import java.util.OptionalInt;
import java.util.function.IntFunction;

/**
 * The nearest of the vertices that were tried.
 *
 * @param vertex empty when none is known to lead to the goal
 * @param distance from there to the goal
 */
record Nearest(OptionalInt vertex, OptionalInt distance) {
  static final Nearest NONE = new Nearest(OptionalInt.empty(), OptionalInt.empty());

  /**
   * Tries another vertex.
   *
   * @param other which; empty for none
   * @param distances tells its distance, empty or negative when it leads nowhere
   */
  Nearest or(OptionalInt other, IntFunction<OptionalInt> distances) {
    if (other.isEmpty() || other.equals(vertex)) {
      return this;
    }
    OptionalInt tried = distances.apply(other.getAsInt());
    return tried.isPresent()
            && tried.getAsInt() >= 0
            && (distance.isEmpty() || tried.getAsInt() < distance.getAsInt())
        ? new Nearest(other, tried)
        : this;
  }

  /** Returns the distance to the goal by way of the vertex. */
  OptionalInt steps() {
    return distance.isEmpty() ? distance : OptionalInt.of(distance.getAsInt() + 1);
  }
}
