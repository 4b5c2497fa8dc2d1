package org.alignment4j.rlhf.loss;

import org.alignment4j.runtime.graph.Dim;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;

/**
 * Vectors in ascending order, by a permutation matrix from comparisons of every two elements: the
 * gradient of a sorted element goes to where it came from.
 */
final class Sorting {

  /** Makes the sign of any difference of log-probabilities ±1, also in float32. */
  private static final double STEEP = 1e30;

  private Sorting() {}

  /**
   * Emits a sorted vector; equal elements keep their order.
   *
   * @param values what to sort, {@code [n]}
   * @param order the numbers from 0 to n − 1, {@code [n]}
   */
  static Value ascending(Ops ops, Value values, Value order) {
    Dim n = values.dim(0);
    Dim one = Dim.of(1);
    Value x = ops.detached(values);
    Value difference = ops.sub(ops.reshape(x, n, one), ops.reshape(x, one, n));
    Value above = step(ops, ops.scale(difference, STEEP));
    Value below = step(ops, ops.scale(difference, -STEEP));
    Value equal = ops.shift(ops.neg(ops.add(above, below)), 1);
    Value places = ops.reshape(order, n, one);
    Value later = step(ops, ops.sub(places, ops.reshape(order, one, n)));
    Value ranks = ops.sum(ops.add(above, ops.mul(equal, later)), 1);
    Value apart = step(ops, ops.abs(ops.sub(places, ops.reshape(ranks, one, n))));
    Value permutation = ops.detached(ops.shift(ops.neg(apart), 1));
    return ops.reshape(ops.matMul(permutation, ops.reshape(values, n, one)), n);
  }

  private static Value step(Ops ops, Value x) {
    return ops.clamp(x, 0, 1);
  }
}
