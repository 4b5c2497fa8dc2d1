package org.alignment4j.rlhf.loss;

import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * A loss over several answers to a prompt and how good they are. Answers of different prompts are
 * never compared, tied answers neither. Immutable; two losses are equal when they emit the same
 * expression.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface RankingLoss
    permits RrhfLoss, ProLoss, PlackettLucePolicyLoss, StableAlignmentLoss {

  /**
   * Emits the loss of each prompt.
   *
   * @param ops emits into a graph
   * @param ranked log-probabilities and scores, {@code [prompts, answers]} each
   * @return the losses, {@code [prompts]}
   */
  Value losses(Ops ops, RankedLogProbs ranked);

  /**
   * Emits what the loss ranks answers by, for metrics.
   *
   * @param ops emits into a graph
   * @param ranked log-probabilities, {@code [prompts, answers]} each
   * @return a number for each answer, higher where the model has it as better, {@code [prompts,
   *     answers]}
   */
  Value ranks(Ops ops, RankedLogProbs ranked);

  /**
   * Tells whether the loss reads the reference's log-probabilities.
   *
   * @return false where it needs no reference
   */
  default boolean needsReference() {
    return false;
  }

  /**
   * Returns rank responses to align with human feedback (Yuan et al. 2023, arXiv 2304.05302, eq. 2
   * to 4) with the paper's settings: mean log-probabilities and a weight of the ranking of 1.
   *
   * @return {@code Σ_{R_i<R_j} max(0, p_i − p_j)} and the mean cross-entropy of the best answer
   */
  static RrhfLoss rrhf() {
    return new RrhfLoss(1, 1);
  }

  /**
   * Returns preference ranking optimisation (Song et al. 2023, arXiv 2306.17492, eq. 7 and 9) with
   * the paper's weight of supervised fine-tuning, 0.05.
   *
   * @return the loss
   */
  static ProLoss pro() {
    return new ProLoss(0.05);
  }

  /**
   * Returns direct preference optimisation of whole rankings under the model of Plackett and Luce
   * (Rafailov et al. 2023, arXiv 2305.18290, appendix A.3).
   *
   * @param beta β, positive; 0.1 is usual
   * @return {@code Σ_k [log Σ_{i≥k} exp(β·Δ_i) − β·Δ_k]} with the log ratios Δ, best first
   * @throws IllegalArgumentException when β is not positive and finite
   */
  static PlackettLucePolicyLoss plackettLuce(double beta) {
    return new PlackettLucePolicyLoss(beta, Integer.MAX_VALUE);
  }

  /**
   * Returns Stable Alignment (Liu et al. 2023, arXiv 2305.16960, eq. 1) with the settings of its
   * published run and the paper's penalty of each response.
   *
   * @return margins of 10 per 7 points of rating, a weight of 0.2
   */
  static StableAlignmentLoss stableAlignment() {
    return new StableAlignmentLoss(0.2, 10, 7, StableAlignmentLoss.Penalty.PER_RESPONSE_HINGE);
  }
}
