package org.alignment4j.rlhf.loss;

import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * Direct preference optimisation of whole rankings under the model of Plackett and Luce (Rafailov
 * et al. 2023, arXiv 2305.18290, appendix A.3): {@code Σ_k [log Σ_{i≥k} exp(β·Δ_i) − β·Δ_k]} with
 * the log ratios Δ of the answers, best first. Two answers give the sigmoid loss of pairs. Tied
 * answers are not compared: each is set against those that are worse.
 *
 * @param beta β, positive and finite
 * @param top how many places count, from the best, at least 1; the order of the others is not
 *     learnt
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record PlackettLucePolicyLoss(double beta, int top) implements RankingLoss {

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when a value is out of range
   */
  public PlackettLucePolicyLoss {
    Settings.requireBeta(beta);
    if (top < 1) {
      throw new IllegalArgumentException("top must be at least 1 but was " + top);
    }
  }

  @Override
  public Value losses(Ops ops, RankedLogProbs ranked) {
    Value rewards = ranks(ops, ranked);
    Value better = ranked.better(ops);
    Value terms = PlackettLuce.terms(ops, ranked.columns(ops, rewards), better);
    return ops.sum(ops.mul(terms, PlackettLuce.firsts(ops, ranked.places(), top)), 1);
  }

  @Override
  public Value ranks(Ops ops, RankedLogProbs ranked) {
    return ops.scale(ranked.ratios(ops), beta);
  }

  @Override
  public boolean needsReference() {
    return true;
  }
}
