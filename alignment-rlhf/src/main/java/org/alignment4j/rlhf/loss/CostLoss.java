package org.alignment4j.rlhf.loss;

import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * The loss of cost models (Dai et al. 2023, Safe RLHF, arXiv 2310.12773, eq. 6): of a more and a
 * less harmful answer {@code −log σ(c_hi − c_lo) − log σ(s_hi·c_hi) − log σ(s_lo·c_lo) + λ·(c_hi² +
 * c_lo²)/2}, where s is 1 for an unsafe answer and −1 for a safe one. Costs above 0 mean unsafe, so
 * that adding a number to all of them changes the loss.
 *
 * @param regularisation λ, finite and not negative; 0 is the paper's, published scripts take 0.001
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record CostLoss(double regularisation) {

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when λ is negative or not finite
   */
  public CostLoss {
    Settings.requireNotNegative("regularisation", regularisation);
  }

  /**
   * Returns the loss without regularisation.
   *
   * @return the paper's loss
   */
  public static CostLoss standard() {
    return new CostLoss(0);
  }

  /**
   * Emits the loss of each pair. Every value is {@code [pairs]}.
   *
   * @param ops emits into a graph
   * @param high costs of the more harmful answers
   * @param low costs of the less harmful answers
   * @param highSigns 1 where the more harmful answer is unsafe, −1 where it is safe
   * @param lowSigns the same of the less harmful answers
   * @return the losses
   */
  public Value losses(Ops ops, Value high, Value low, Value highSigns, Value lowSigns) {
    Value order = ops.logSigmoid(ops.sub(high, low));
    Value first = ops.logSigmoid(ops.mul(highSigns, high));
    Value second = ops.logSigmoid(ops.mul(lowSigns, low));
    Value losses = ops.neg(ops.add(order, ops.add(first, second)));
    if (regularisation == 0) {
      return losses;
    }
    Value squares = ops.add(ops.square(high), ops.square(low));
    return ops.add(losses, ops.scale(squares, regularisation / 2));
  }
}
