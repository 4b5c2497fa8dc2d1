package org.alignment4j.rlhf.loss;

import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * The pairwise loss of reward models under the model of Bradley and Terry: with {@code d = r_w −
 * r_l}, the loss of a pair whose label is right with probability p is {@code −p·log σ(d − s·g) −
 * (1−p)·log σ(−d − s·g) + λ·(r_w + r_l)²}.
 *
 * <p>With {@code p = 1}, {@code s = 0} and {@code λ = 0} it is that of Ouyang et al. 2022 (arXiv
 * 2203.02155, eq. 1, for two answers); the margin is that of Touvron et al. 2023 (arXiv 2307.09288,
 * eq. 2), {@code −log σ(d − m)}; the last term, which keeps rewards near zero, that of Eisenstein
 * et al. 2023 (arXiv 2312.09244).
 *
 * <p>An uncertain label leaves open which answer is better, not how clear the preference is: the
 * loss is the expectation of the loss with margin over the two cases, and in either of them the
 * better answer is to win by the grade g. It is the pair's margin told from the likelier side, m
 * for {@code p > ½}, −m for {@code p < ½}, |m| for {@code p = ½}. So the loss of an even label is
 * least at equal rewards, whatever the margin, a certain label has the loss of Touvron et al., and
 * exchanging the answers, with {@code 1 − p} and {@code −m}, leaves the loss as it is.
 *
 * @param marginScale s, factor on the pairs' margins, finite and not negative; 0 ignores them
 * @param centering λ, finite and not negative
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record BradleyTerryLoss(double marginScale, double centering) {

  /** Makes a sign of every {@code 2p − 1} that is not 0. */
  private static final double STEEP = 1e30;

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
    Value ahead = pairs.difference(ops);
    Value behind = ops.neg(ahead);
    if (marginScale != 0) {
      Value grade = ops.scale(grade(ops, pairs), marginScale);
      ahead = ops.sub(ahead, grade);
      behind = ops.sub(behind, grade);
    }
    Value right = ops.mul(pairs.probabilities(), ops.logSigmoid(ahead));
    Value wrong = ops.mul(ops.shift(ops.neg(pairs.probabilities()), 1), ops.logSigmoid(behind));
    Value losses = ops.neg(ops.add(right, wrong));
    if (centering == 0) {
      return losses;
    }
    Value sum = ops.add(pairs.chosen(), pairs.rejected());
    return ops.add(losses, ops.scale(ops.square(sum), centering));
  }

  /** The margin told from the likelier side; of neither side, its magnitude. */
  private static Value grade(Ops ops, PairRewards pairs) {
    Value belief = ops.shift(ops.scale(pairs.probabilities(), 2), -1);
    Value side = ops.clamp(ops.scale(belief, STEEP), -1, 1);
    Value even = ops.shift(ops.neg(ops.abs(side)), 1);
    return ops.add(ops.mul(side, pairs.margins()), ops.mul(even, ops.abs(pairs.margins())));
  }
}
