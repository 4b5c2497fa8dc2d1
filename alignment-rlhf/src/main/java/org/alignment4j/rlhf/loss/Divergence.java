package org.alignment4j.rlhf.loss;

import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * An f-divergence that keeps the policy near the reference, by the derivative of its generator f at
 * the ratio {@code u = π/π_ref} (Wang et al. 2023, arXiv 2309.16240, table 1). As functions of the
 * log ratio c all are taken up to a constant, such that they are 0 with slope 1 at 0, with slope ½
 * for that of Jensen and Shannon.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface Divergence {

  /** Above, exponentials overflow in float32; the derivatives do not grow further. */
  double LARGEST_EXPONENT = 80;

  /**
   * Emits {@code f'(exp(c))} less its value at {@code c = 0}.
   *
   * @param ops emits into a graph
   * @param ratios log ratios c, {@code [pairs]}
   * @return rewards without their factor β, {@code [pairs]}; increasing in c
   */
  Value derivative(Ops ops, Value ratios);

  /** The reverse divergence of Kullback and Leibler, KL(π‖π_ref), of the original: c itself. */
  record ReverseKl() implements Divergence {
    @Override
    public Value derivative(Ops ops, Value ratios) {
      return ratios;
    }
  }

  /** The forward divergence of Kullback and Leibler, KL(π_ref‖π): {@code 1 − exp(−c)}. */
  record ForwardKl() implements Divergence {
    @Override
    public Value derivative(Ops ops, Value ratios) {
      return ops.neg(Exponentials.expm1(ops, bounded(ops, ops.neg(ratios))));
    }
  }

  /** That of Jensen and Shannon: {@code log σ(c) + log 2}. */
  record JensenShannon() implements Divergence {
    @Override
    public Value derivative(Ops ops, Value ratios) {
      return ops.shift(ops.logSigmoid(ratios), Math.log(2));
    }
  }

  /**
   * The α-divergences: {@code (exp((a−1)·c) − 1)/(a − 1)}; a near 1 is the reverse, a near 0 the
   * forward divergence of Kullback and Leibler. The paper's α is {@code 1 − a}.
   *
   * @param coefficient a, in (0, 1); 0.5 is usual
   */
  record Alpha(double coefficient) implements Divergence {

    /**
     * Checks the setting.
     *
     * @throws IllegalArgumentException when it is out of range
     */
    public Alpha {
      if (!(coefficient > 0 && coefficient < 1)) {
        throw new IllegalArgumentException(
            "coefficient must be in (0, 1) but was "
                + coefficient
                + "; 0 and 1 are ForwardKl and ReverseKl");
      }
    }

    @Override
    public Value derivative(Ops ops, Value ratios) {
      double power = coefficient - 1;
      Value exponent = bounded(ops, ops.scale(ratios, power));
      return ops.scale(Exponentials.expm1(ops, exponent), 1 / power);
    }
  }

  private static Value bounded(Ops ops, Value exponent) {
    return ops.min(exponent, ops.constant(LARGEST_EXPONENT));
  }
}
