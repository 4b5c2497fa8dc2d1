package org.alignment4j.rlhf.loss;

import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * A loss over answers that were found good or bad each by itself. Immutable; two losses are equal
 * when they emit the same expression.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface UnpairedLoss permits KtoLoss, ApoZeroUnpairedLoss, BcoLoss {

  /** What the rewards of an update are compared with. No gradient flows into any of them. */
  enum ReferencePoint {
    /** Nothing: the loss does not read it. */
    NONE,
    /**
     * z₀, an estimate of how far the model is from the reference: the mean log ratio of answers to
     * other prompts than their own, at least 0, over the update.
     */
    MISMATCHED_KL,
    /**
     * δ, the running mean of the rewards of all answers seen, those of the update included before
     * they are used.
     */
    RUNNING_REWARD
  }

  /**
   * The strength of the pull towards the reference; implicit rewards are {@code β·(log π − log
   * π_ref)}.
   *
   * @return β, positive
   */
  double beta();

  /**
   * The factor of the losses of good answers.
   *
   * @return finite and not negative
   */
  double desirableWeight();

  /**
   * The factor of the losses of bad answers.
   *
   * @return finite and not negative
   */
  double undesirableWeight();

  /**
   * Tells what {@link UnpairedLogProbs#referencePoint()} must hold.
   *
   * @return the kind of reference point
   */
  ReferencePoint referencePoint();

  /**
   * Emits the loss of each answer.
   *
   * @param ops emits into a graph
   * @param answers log-probabilities, {@code [examples]} each
   * @return the losses, {@code [examples]}
   */
  Value losses(Ops ops, UnpairedLogProbs answers);

  /**
   * Returns Kahneman-Tversky optimisation (Ethayarajh et al. 2024, arXiv 2402.01306, eq. 8) with
   * equal weights of good and bad answers.
   *
   * @param beta β, positive; 0.1 is usual
   * @return {@code 1 − σ(β(Δ − z₀))} of a good answer, {@code 1 − σ(β(z₀ − Δ))} of a bad one
   * @throws IllegalArgumentException when β is not positive and finite
   */
  static KtoLoss kto(double beta) {
    return kto(beta, 1, 1);
  }

  /**
   * Returns Kahneman-Tversky optimisation (Ethayarajh et al. 2024, arXiv 2402.01306, eq. 8). Where
   * one kind of answer is rarer, the paper keeps the ratio of both kinds' numbers times their
   * weights between 1 and 4/3.
   *
   * @param beta β, positive
   * @param desirableWeight λ_D, finite and not negative
   * @param undesirableWeight λ_U, finite and not negative
   * @return {@code λ_D·(1 − σ(β(Δ − z₀)))} of a good answer, {@code λ_U·(1 − σ(β(z₀ − Δ)))} of a
   *     bad one
   * @throws IllegalArgumentException when a value is out of range
   */
  static KtoLoss kto(double beta, double desirableWeight, double undesirableWeight) {
    return new KtoLoss(beta, desirableWeight, undesirableWeight);
  }

  /**
   * Returns anchored preference optimisation of single answers (D'Oosterlinck et al. 2024, arXiv
   * 2408.06266, eq. 7), which has no reference point.
   *
   * @param beta β, positive; 0.1 is usual
   * @return {@code 1 − σ(β·Δ)} of a good answer, {@code σ(β·Δ)} of a bad one
   * @throws IllegalArgumentException when β is not positive and finite
   */
  static ApoZeroUnpairedLoss apoZero(double beta) {
    return new ApoZeroUnpairedLoss(beta, 1, 1);
  }

  /**
   * Returns binary classifier optimisation (Jung et al. 2024, arXiv 2404.04656, eq. 10) with equal
   * weights of good and bad answers.
   *
   * @param beta β, positive; 0.1 is usual
   * @return {@code −log σ(β·Δ − δ)} of a good answer, {@code −log σ(δ − β·Δ)} of a bad one
   * @throws IllegalArgumentException when β is not positive and finite
   */
  static BcoLoss bco(double beta) {
    return new BcoLoss(beta, 1, 1);
  }
}
