package org.alignment4j.rlhf.loss;

import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * A loss over preferred and rejected answers, of the family of direct preference optimisation.
 * Immutable; two losses are equal when they emit the same expression.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface PreferenceLoss permits DpoLoss, RobustDpoLoss, HingeLoss, IpoLoss {

  /**
   * The strength of the pull towards the reference; implicit rewards are {@code β·(log π − log
   * π_ref)}.
   *
   * @return β, positive
   */
  double beta();

  /**
   * Emits the loss of each pair.
   *
   * @param ops emits into a graph
   * @param pairs log-probabilities, {@code [pairs]} each
   * @return the losses, {@code [pairs]}
   */
  Value losses(Ops ops, PairLogProbs pairs);

  /**
   * Returns direct preference optimisation with the sigmoid loss (Rafailov et al. 2023, eq. 7).
   *
   * @param beta β, positive; 0.1 is usual
   * @return {@code −log σ(β·d)}
   * @throws IllegalArgumentException when β is not positive and finite
   */
  static DpoLoss dpo(double beta) {
    return new DpoLoss(beta, 0);
  }

  /**
   * Returns conservative direct preference optimisation: labels are wrong with a probability.
   *
   * @param beta β, positive
   * @param labelSmoothing probability of a wrong label, in [0, 0.5)
   * @return {@code −(1−ε)·log σ(β·d) − ε·log σ(−β·d)}
   * @throws IllegalArgumentException when a value is out of range
   */
  static DpoLoss conservativeDpo(double beta, double labelSmoothing) {
    return new DpoLoss(beta, labelSmoothing);
  }

  /**
   * Returns robust direct preference optimisation (Chowdhury et al. 2024, eq. 8), whose expectation
   * under flipped labels is the loss of clean ones.
   *
   * @param beta β, positive
   * @param flipProbability probability of a wrong label, in [0, 0.5)
   * @return {@code [−(1−ε)·log σ(β·d) + ε·log σ(−β·d)] / (1−2ε)}, which may be negative
   * @throws IllegalArgumentException when a value is out of range
   */
  static RobustDpoLoss robustDpo(double beta, double flipProbability) {
    return new RobustDpoLoss(beta, flipProbability);
  }

  /**
   * Returns the hinge loss on the implicit rewards (as SLiC, Zhao et al. 2023).
   *
   * @param beta β, positive
   * @return {@code max(0, 1 − β·d)}
   * @throws IllegalArgumentException when β is not positive and finite
   */
  static HingeLoss hinge(double beta) {
    return new HingeLoss(beta);
  }

  /**
   * Returns identity preference optimisation (Azar et al. 2023, eq. 17) on log ratios averaged over
   * tokens, as its authors confirmed.
   *
   * @param beta β (their τ), positive
   * @return {@code (d̄ − 1/(2β))²}
   * @throws IllegalArgumentException when β is not positive and finite
   */
  static IpoLoss ipo(double beta) {
    return new IpoLoss(beta, IpoLoss.Ratios.LENGTH_AVERAGED);
  }
}
