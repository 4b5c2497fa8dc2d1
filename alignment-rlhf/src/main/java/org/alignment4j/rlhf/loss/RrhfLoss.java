package org.alignment4j.rlhf.loss;

import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * Rank responses to align with human feedback (Yuan et al. 2023, arXiv 2304.05302, eq. 2 to 4):
 * {@code w·Σ_{R_i<R_j} max(0, s_i − s_j) + NLL} with {@code s = Σ log p / length^a} and the mean
 * negative log-likelihood of the tokens of the best answer, the first of several. Scores count by
 * their order only.
 *
 * @param lengthExponent a, finite and not negative; 1 gives mean log-probabilities
 * @param rankWeight w, finite and not negative; 1 in the paper, 100 in the published trainer's
 *     defaults
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RrhfLoss(double lengthExponent, double rankWeight) implements RankingLoss {

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when a value is out of range
   */
  public RrhfLoss {
    Settings.requireNotNegative("lengthExponent", lengthExponent);
    Settings.requireNotNegative("rankWeight", rankWeight);
  }

  @Override
  public Value losses(Ops ops, RankedLogProbs ranked) {
    Value s = ranks(ops, ranked);
    Value ahead = ops.sub(ranked.columns(ops, s), ranked.rows(ops, s));
    Value wrong = ops.sum(ops.mul(ops.relu(ahead), ranked.better(ops)), 1, 2);
    return ops.sub(ops.scale(wrong, rankWeight), ranked.best(ops, ranked.means(ops)));
  }

  @Override
  public Value ranks(Ops ops, RankedLogProbs ranked) {
    if (lengthExponent == 1) {
      return ranked.means(ops);
    }
    Value divisor = ops.exp(ops.scale(ops.log(ranked.lengths()), lengthExponent));
    return ops.div(ranked.policy(), divisor);
  }
}
