package org.alignment4j.rlhf.loss;

import org.apiguardian.api.API;

/**
 * Preference losses that need no reference: none is run or kept, and implicit rewards are made of
 * the policy's log-probabilities. Nothing but the loss itself holds the model near where it
 * started.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ReferenceFreeLosses {

  private ReferenceFreeLosses() {}

  /**
   * Returns odds ratio preference optimisation (Hong et al. 2024), whose negative log-likelihood is
   * that of the answer.
   *
   * @param beta β (λ in the paper), not negative; 0.1 is usual
   * @return {@code NLL(y_w) − β·log σ(o)}
   * @throws IllegalArgumentException when β is negative or not finite
   */
  public static OrpoLoss orpo(double beta) {
    return new OrpoLoss(beta, OrpoLoss.Span.RESPONSE_ONLY);
  }

  /**
   * Returns contrastive preference optimisation (Xu et al. 2024) with {@code α = 1} and a mean over
   * the answer's tokens, as its code has.
   *
   * @param beta β, positive; 0.1 is usual
   * @return {@code −log σ(β·(log π(y_w) − log π(y_l))) + NLL(y_w)}
   * @throws IllegalArgumentException when β is not positive and finite
   */
  public static CpoLoss cpo(double beta) {
    return new CpoLoss(beta, 1, SftTermLoss.Normalisation.LENGTH_AVERAGED);
  }

  /**
   * Returns simple preference optimisation (Meng et al. 2024).
   *
   * @param beta β, positive; 2 to 10 is usual
   * @param gamma γ, not negative; a quarter to eight tenths of β is usual
   * @return {@code −log σ(β·(p_w − p_l) − γ)} with mean log-probabilities of a token
   * @throws IllegalArgumentException when a value is out of range
   */
  public static SimPoLoss simPo(double beta, double gamma) {
    return new SimPoLoss(beta, gamma);
  }

  /**
   * Returns simple preference optimisation with rewards of another shape (AlphaPO, Gupta et al.
   * 2025).
   *
   * @param beta β, positive
   * @param gamma γ, not negative
   * @param alpha α, not 0
   * @return {@code −log σ(β·(r_w − r_l) − γ)} with {@code r = (1 − exp(−α·p))/α}
   * @throws IllegalArgumentException when a value is out of range
   */
  public static AlphaPoLoss alphaPo(double beta, double gamma, double alpha) {
    return new AlphaPoLoss(beta, gamma, alpha);
  }

  /**
   * Returns sequence likelihood calibration (SLiC-HF, Zhao et al. 2023) with δ = 1 and λ = 0.1,
   * whose regulariser is on the preferred answer.
   *
   * @return {@code max(0, 1 − log π(y_w) + log π(y_l)) − 0.1·log π(y_w)}
   */
  public static SlicLoss slic() {
    return new SlicLoss(1, 0.1);
  }

  /**
   * Returns a loss with a reference that finds all answers equally likely.
   *
   * @param loss one that uses a reference, such as {@link PreferenceLoss#dpo}
   * @return the loss on the policy's log-probabilities in place of log ratios
   * @throws IllegalArgumentException when it uses none
   */
  public static WithoutReferenceLoss withoutReference(PreferenceLoss loss) {
    return new WithoutReferenceLoss(loss);
  }
}
