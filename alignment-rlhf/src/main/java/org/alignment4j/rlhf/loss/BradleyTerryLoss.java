package org.alignment4j.rlhf.loss;

import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * The pairwise loss of reward models under the model of Bradley and Terry: with {@code z = r_w −
 * r_l − s·m}, the loss of a pair whose label is right with probability p is {@code −p·log σ(z) −
 * (1−p)·log σ(−z) + λ·(r_w + r_l)²}.
 *
 * <p>With {@code p = 1}, {@code s = 0} and {@code λ = 0} it is that of Ouyang et al. 2022 (arXiv
 * 2203.02155, eq. 1, for two answers); the margin m is that of Touvron et al. 2023 (arXiv
 * 2307.09288, eq. 2); the last term, which keeps rewards near zero, that of Eisenstein et al. 2023
 * (arXiv 2312.09244). Exchanging the answers, with {@code 1 − p} and {@code −m}, leaves the loss as
 * it is.
 *
 * @param marginScale s, factor on the pairs' margins, finite and not negative; 0 ignores them
 * @param centering λ, finite and not negative
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record BradleyTerryLoss(double marginScale, double centering) {

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when one is negative or not finite
   */
  public BradleyTerryLoss {
    Settings.requireNotNegative("marginScale", marginScale);
    Settings.requireNotNegative("centering", centering);
  }

  /**
   * Returns the loss that takes margins as they are and does not centre.
   *
   * @return {@code −log σ(r_w − r_l − m)} for certain labels
   */
  public static BradleyTerryLoss standard() {
    return new BradleyTerryLoss(1, 0);
  }

  /**
   * Emits the loss of each pair.
   *
   * @param ops emits into a graph
   * @param pairs rewards, {@code [pairs]} each
   * @return the losses, {@code [pairs]}
   */
  public Value losses(Ops ops, PairRewards pairs) {
    Value z = pairs.difference(ops);
    if (marginScale != 0) {
      z = ops.sub(z, ops.scale(pairs.margins(), marginScale));
    }
    Value right = ops.mul(pairs.probabilities(), ops.logSigmoid(z));
    Value wrong = ops.mul(ops.shift(ops.neg(pairs.probabilities()), 1), ops.logSigmoid(ops.neg(z)));
    Value losses = ops.neg(ops.add(right, wrong));
    if (centering == 0) {
      return losses;
    }
    Value sum = ops.add(pairs.chosen(), pairs.rejected());
    return ops.add(losses, ops.scale(ops.square(sum), centering));
  }
}
