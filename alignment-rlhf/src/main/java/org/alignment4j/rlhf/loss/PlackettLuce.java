package org.alignment4j.rlhf.loss;

import org.alignment4j.runtime.graph.Dim;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.graph.Value;

/**
 * The terms of a ranking under the model of Plackett and Luce: at each place the best of what is
 * left is chosen, {@code log Σ_{i ∈ {k} ∪ worse(k)} exp z_ki − z_kk}.
 */
final class PlackettLuce {

  /** Weighs nothing in a softmax, also beside large numbers. */
  private static final double NEVER = -1e30;

  private PlackettLuce() {}

  /**
   * Emits the term of each place; 0 where nothing is worse.
   *
   * @param logits {@code z_ki}, {@code [prompts, answers k, answers i]}
   * @param better 1 where answer k is better than answer i, the same shape
   * @return {@code [prompts, answers]}
   */
  static Value terms(Ops ops, Value logits, Value better) {
    Dim places = better.dim(1);
    Value self = identity(ops, Math.toIntExact(better.shape().size(1)));
    Value in = ops.add(better, self);
    Value masked = ops.add(ops.mul(logits, in), ops.scale(ops.shift(ops.neg(in), 1), NEVER));
    Value chosen = ops.sum(ops.mul(ops.logSoftmax(masked), self), 2);
    return ops.neg(ops.reshape(chosen, better.dim(0), places));
  }

  /** {@code [1, n, n]}. */
  static Value identity(Ops ops, int n) {
    double[] values = new double[n * n];
    for (int i = 0; i < n; i++) {
      values[i * n + i] = 1;
    }
    return ops.reshape(ops.vector(values), Shape.of(1, n, n));
  }

  /** {@code [1, n]}, 1 in the first places. */
  static Value firsts(Ops ops, int n, int count) {
    double[] values = new double[n];
    for (int i = 0; i < Math.min(n, count); i++) {
      values[i] = 1;
    }
    return ops.reshape(ops.vector(values), Shape.of(1, n));
  }
}
