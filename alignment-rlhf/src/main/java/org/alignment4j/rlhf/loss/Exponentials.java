package org.alignment4j.rlhf.loss;

import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;

/** Differences of exponentials from 1, without cancellation. */
final class Exponentials {

  private Exponentials() {}

  /**
   * {@code exp(x) − 1 = tanh(x/2)·(exp(x) + 1)}, to the precision of the hyperbolic tangent. For
   * {@code x} far below 0 the gradient is exact to one unit of rounding of 1, not of itself.
   */
  static Value expm1(Ops ops, Value x) {
    return ops.mul(ops.tanh(ops.scale(x, 0.5)), ops.shift(ops.exp(x), 1));
  }

  /** {@code log(1 − exp(x)) = log tanh(−x/2) + log(1 + exp(x))}, for {@code x < 0}. */
  static Value log1mexp(Ops ops, Value x) {
    return ops.sub(ops.log(ops.tanh(ops.scale(x, -0.5))), ops.logSigmoid(ops.neg(x)));
  }
}
