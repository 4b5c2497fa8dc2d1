package org.alignment4j.rlhf.loss;

import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * The Cringe loss (Adolphs et al. 2022, arXiv 2211.05826; {@code projects/cringe/cringe_loss.py} of
 * ParlAI). Tokens of good answers are learned by cross-entropy. A token of a bad answer, with logit
 * {@code s⁻}, is contrasted with another that the model itself finds likely, with logit {@code s*}:
 * {@code −log(e^{s*}/(e^{s*} + e^{s⁻})) = softplus(s⁻ − s*)}, weighted by α. The other token is
 * drawn from the softmax over the k likeliest tokens that are not the bad one, so that for k = 1 it
 * is the likeliest. The gradient raises it and lowers the bad one.
 *
 * <p>A difference of logits is one of log-probabilities, so what is given are the latter.
 *
 * @param alpha α, finite and not negative; 1 is usual
 * @param candidates k, at least 1 and below the size of the vocabulary; 1 is that of the published
 *     code
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record CringeLoss(double alpha, int candidates) {

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when one is out of range
   */
  public CringeLoss {
    Settings.requireNotNegative("alpha", alpha);
    if (candidates < 1) {
      throw new IllegalArgumentException("candidates must be at least 1 but was " + candidates);
    }
  }

  /**
   * Returns the loss with α 1 and k 1.
   *
   * @return the loss of the published code's defaults
   */
  public static CringeLoss standard() {
    return new CringeLoss(1, 1);
  }

  /**
   * Emits {@code softplus(s⁻ − s*)}, without α.
   *
   * @param ops emits into a graph
   * @param leads {@code log π(bad token) − log π(other token)}, any shape
   * @return the losses, of that shape
   */
  public static Value contrast(Ops ops, Value leads) {
    return ops.neg(ops.logSigmoid(ops.neg(leads)));
  }
}
