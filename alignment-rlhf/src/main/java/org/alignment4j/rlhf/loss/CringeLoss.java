package org.alignment4j.rlhf.loss;

import java.util.Objects;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * The Cringe loss (Adolphs et al. 2022, arXiv 2211.05826; {@code projects/cringe/cringe_loss.py} of
 * ParlAI). Tokens of good answers are learned by cross-entropy. A token of a bad answer, with logit
 * {@code s⁻}, is contrasted with another that the model itself finds likely, with logit {@code s*}:
 * {@code −log(e^{s*}/(e^{s*} + e^{s⁻})) = softplus(s⁻ − s*)}, weighted by α. The other token is
 * drawn from the softmax over the k likeliest tokens that are not the bad one, so that for k = 1 it
 * is the likeliest. The gradient raises it and lowers the bad one, or lowers the bad one alone
 * ({@link Positives}).
 *
 * <p>A difference of logits is one of log-probabilities, so what is given are the latter.
 *
 * @param alpha α, finite and not negative; 1 is usual
 * @param candidates k, at least 1 and below the size of the vocabulary; 1 is that of the published
 *     code
 * @param positives what the gradient does to the tokens that bad ones are contrasted with
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record CringeLoss(double alpha, int candidates, Positives positives) {

  /** What the gradient of a contrast does to the token that a bad one is contrasted with. */
  public enum Positives {
    /** It raises that token too, as in the paper and by default in the published code. */
    RAISED,
    /**
     * It lowers the logit of the bad token and leaves all others alone ({@code
     * detach_positives_during_ct} of the published code).
     */
    DETACHED
  }

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when one is out of range
   */
  public CringeLoss {
    Objects.requireNonNull(positives, "positives");
    Settings.requireNotNegative("alpha", alpha);
    if (candidates < 1) {
      throw new IllegalArgumentException("candidates must be at least 1 but was " + candidates);
    }
  }

  /**
   * A loss whose contrasts are raised.
   *
   * @param alpha α, finite and not negative
   * @param candidates k, at least 1
   * @throws IllegalArgumentException when one is out of range
   */
  public CringeLoss(double alpha, int candidates) {
    this(alpha, candidates, Positives.RAISED);
  }

  /**
   * Returns this loss with another treatment of what bad tokens are contrasted with.
   *
   * @param other what the gradient does to them
   * @return the loss
   */
  public CringeLoss withPositives(Positives other) {
    return new CringeLoss(alpha, candidates, other);
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
