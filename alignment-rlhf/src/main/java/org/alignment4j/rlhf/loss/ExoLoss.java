package org.alignment4j.rlhf.loss;

import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * Efficient exact optimisation on pairs (Ji et al. 2024, arXiv 2402.00856, eq. 16): the
 * Kullback-Leibler divergence from the policy's preference to a label that is right with
 * probability 1 − ε, {@code σ(βd)·(log σ(βd) − log(1−ε)) + σ(−βd)·(log σ(−βd) − log ε)}, with the
 * difference d of the log ratios. Not negative; 0 at {@code βd = log((1−ε)/ε)}.
 *
 * @param beta β, positive and finite
 * @param labelSmoothing ε, in (0, 0.5); 0.001 is usual
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ExoLoss(double beta, double labelSmoothing) implements PreferenceLoss {

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when a value is out of range
   */
  public ExoLoss {
    Settings.requireBeta(beta);
    if (!(labelSmoothing > 0 && labelSmoothing < 0.5)) {
      throw new IllegalArgumentException(
          "labelSmoothing must be in (0, 0.5), since the loss has its logarithm, but was "
              + labelSmoothing);
    }
  }

  @Override
  public Value losses(Ops ops, PairLogProbs pairs) {
    Value z = ops.scale(pairs.difference(ops), beta);
    return ops.add(
        side(ops, z, Math.log1p(-labelSmoothing)), side(ops, ops.neg(z), Math.log(labelSmoothing)));
  }

  private static Value side(Ops ops, Value z, double logLabel) {
    return ops.mul(ops.sigmoid(z), ops.shift(ops.logSigmoid(z), -logLabel));
  }
}
