package org.alignment4j.rlhf.loss;

import java.util.Objects;
import org.alignment4j.runtime.graph.Dim;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * The loss with an auxiliary confidence term of weak-to-strong learning (Burns et al. 2023, arXiv
 * 2312.09390, appendix A.4; {@code logconf} of the published code): the target is {@code (1 −
 * c)·label + c·1[own class]}. The model's own class is 0 where its probability of class 0 is at
 * least the batch's quantile of these probabilities at the level of the labels' mean probability of
 * class 1, so that as many are of class 0 as the labels say. Quantiles lie between two order
 * statistics by linear interpolation; of a batch below a few dozen they are mostly noise.
 *
 * @param weight highest c, in [0, 1]; ½ is that of the published code
 * @param warmUp how c rises
 * @param warmUpShare share of the updates after which c is the highest, in [0, 1); 0.1 is that of
 *     the published code
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ConfidenceLoss(double weight, WarmUp warmUp, double warmUpShare)
    implements SoftLabelLoss {

  /** Makes the sign of any difference of scores ±1, also in float32. */
  private static final double STEEP = 1e30;

  /** How the weight of the model's own class rises. */
  public enum WarmUp {
    /**
     * As in the published code: times the fraction of updates that are done, until the share is
     * reached, and whole from then on; it jumps there from share to 1.
     */
    STEP {
      @Override
      double factor(double fraction, double share) {
        return fraction > share ? 1 : fraction;
      }
    },
    /** As in the paper: linearly from 0 to 1. */
    LINEAR {
      @Override
      double factor(double fraction, double share) {
        return fraction >= share ? 1 : fraction / share;
      }
    };

    abstract double factor(double fraction, double share);
  }

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when one is out of range
   */
  public ConfidenceLoss {
    Objects.requireNonNull(warmUp, "warmUp");
    Settings.requireProbability("weight", weight);
    if (!(warmUpShare >= 0 && warmUpShare < 1)) {
      throw new IllegalArgumentException("warmUpShare must be in [0, 1) but was " + warmUpShare);
    }
  }

  /**
   * Returns the loss of half the weight after a tenth of the updates.
   *
   * @param warmUp how the weight rises
   * @return the loss
   */
  public static ConfidenceLoss of(WarmUp warmUp) {
    return new ConfidenceLoss(0.5, warmUp, 0.1);
  }

  @Override
  public double confidence(double stepFraction) {
    if (!(stepFraction >= 0 && stepFraction <= 1)) {
      throw new IllegalArgumentException("stepFraction must be in [0, 1] but was " + stepFraction);
    }
    return weight * warmUp.factor(stepFraction, warmUpShare);
  }

  @Override
  public Value targets(Ops ops, Value scores, Value labels, Value confidence) {
    Value own = ops.mul(confidence, ownClass(ops, scores, labels));
    return ops.add(ops.mul(ops.shift(ops.neg(confidence), 1), labels), own);
  }

  /**
   * 1 where the model's own class is 1. Probabilities of class 0 fall as scores rise, so that none
   * of them is computed: p₀ is at least the quantile at level q of n numbers where {@code q·(n −
   * 1)} others at least do not exceed it.
   */
  private static Value ownClass(Ops ops, Value scores, Value labels) {
    Dim n = scores.dim(0);
    Dim one = Dim.of(1);
    Value higher = ops.sub(ops.reshape(scores, n, one), ops.reshape(scores, one, n));
    Value aboveOther = ops.clamp(ops.scale(higher, STEEP), 0, 1);
    // of each score the number of those, itself among them, whose p₀ does not exceed its own
    Value notExceeding = ops.sum(ops.shift(ops.neg(aboveOther), 1), 1);
    Value count = ops.sumAll(ops.shift(ops.scale(labels, 0), 1));
    Value place = ops.div(ops.mul(ops.sumAll(labels), ops.shift(count, -1)), count);
    Value beyond = ops.shift(ops.sub(notExceeding, place), -1);
    return ops.clamp(ops.scale(beyond, -STEEP), 0, 1);
  }
}
