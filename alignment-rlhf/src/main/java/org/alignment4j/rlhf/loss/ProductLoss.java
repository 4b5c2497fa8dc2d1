package org.alignment4j.rlhf.loss;

import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * Cross-entropy to the normalised product of the model's probabilities and the labels' (the {@code
 * product} loss of the code of Burns et al. 2023, arXiv 2312.09390): the target's log-odds are
 * {@code β·r + α·log(label/(1 − label))}.
 *
 * @param alpha α, exponent of the labels' probabilities, positive and finite
 * @param beta β, exponent of the model's, finite and not negative; 0 with α = 1 is {@link
 *     SoftCrossEntropy}
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ProductLoss(double alpha, double beta) implements SoftLabelLoss {

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when one is out of range
   */
  public ProductLoss {
    Settings.requirePositive("alpha", alpha);
    Settings.requireNotNegative("beta", beta);
  }

  /** Returns the loss with both exponents 1. */
  public static ProductLoss standard() {
    return new ProductLoss(1, 1);
  }

  @Override
  public Value targets(Ops ops, Value scores, Value labels, Value confidence) {
    // infinite for a label that is certain, whose target is then the label
    Value odds = ops.sub(ops.log(labels), ops.log(ops.shift(ops.neg(labels), 1)));
    return ops.sigmoid(ops.add(ops.scale(scores, beta), ops.scale(odds, alpha)));
  }
}
