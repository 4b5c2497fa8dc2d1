package org.alignment4j.rlhf.policy;

import org.alignment4j.runtime.graph.Dim;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;

/** Importance ratios and comparisons that several losses share. */
final class Ratios {

  static final Dim ONE = Dim.of(1);

  /** Keeps the exponential within 32-bit range; no gradient beyond (OpenRLHF). */
  static final double MAX_LOG_RATIO = 20;

  /** Makes 1 of any positive difference, in float32 too. */
  private static final double STEEP = 1e30;

  private Ratios() {}

  static Value bounded(Ops ops, Value logRatio) {
    return ops.clamp(logRatio, -MAX_LOG_RATIO, MAX_LOG_RATIO);
  }

  /** {@code π/π_old} of each token. */
  static Value ofTokens(Ops ops, PolicyTokens tokens) {
    return ops.exp(tokens.logRatio(ops));
  }

  /** {@code Π π/π_old} over the tokens of the sequence, at each of its tokens. */
  static Value ofSequences(Ops ops, PolicyTokens tokens) {
    Value sums = tokens.sums(ops, ops.sub(tokens.policy(), tokens.old()));
    return tokens.spread(ops, ops.exp(bounded(ops, sums)));
  }

  /** The geometric mean of {@code π/π_old} over the tokens of the sequence, at each of them. */
  static Value meansOfSequences(Ops ops, PolicyTokens tokens) {
    Value sums = tokens.sums(ops, ops.sub(tokens.policy(), tokens.old()));
    return tokens.spread(ops, ops.exp(bounded(ops, ops.div(sums, tokens.lengths()))));
  }

  /** 1 where a value is above 0 and 0 elsewhere; no gradient. */
  static Value positive(Ops ops, Value a) {
    return ops.clamp(ops.scale(ops.detached(a), STEEP), 0, 1);
  }

  /** 1 where a is above the bound and 0 elsewhere; no gradient. */
  static Value above(Ops ops, Value a, double bound) {
    return positive(ops, ops.shift(a, -bound));
  }

  /** 1 where a is below the bound and 0 elsewhere; no gradient. */
  static Value below(Ops ops, Value a, double bound) {
    return positive(ops, ops.shift(ops.neg(a), bound));
  }
}
