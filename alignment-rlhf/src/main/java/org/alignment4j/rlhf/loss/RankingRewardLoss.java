package org.alignment4j.rlhf.loss;

import java.util.Objects;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * The loss of reward models over rankings of any number of answers. Answers of different prompts
 * are never compared, tied answers neither. Two answers give the loss of Bradley and Terry in every
 * form.
 *
 * @param form how answers are compared
 * @param top how many places count, from the best, at least 1; the order of the others is not
 *     learnt
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RankingRewardLoss(Form form, int top) {

  /** How the answers of a ranking are compared. */
  public enum Form {
    /**
     * The model of Luce (1959) and Plackett (1975): at each place the best of what is left is
     * chosen, {@code Σ_k [log Σ_{i≥k} exp(r_i) − r_k]}.
     */
    PLACKETT_LUCE,
    /**
     * The mean of {@code −log σ(r_i − r_j)} over all pairs that are not tied (Ouyang et al. 2022,
     * arXiv 2203.02155, eq. 1).
     */
    ALL_PAIRS
  }

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when {@code top} is below 1
   */
  public RankingRewardLoss {
    Objects.requireNonNull(form, "form");
    if (top < 1) {
      throw new IllegalArgumentException("top must be at least 1 but was " + top);
    }
  }

  /**
   * Returns the model of Plackett and Luce over whole rankings.
   *
   * @return the loss
   */
  public static RankingRewardLoss plackettLuce() {
    return new RankingRewardLoss(Form.PLACKETT_LUCE, Integer.MAX_VALUE);
  }

  /**
   * Returns the mean over all pairs of a ranking.
   *
   * @return the loss
   */
  public static RankingRewardLoss allPairs() {
    return new RankingRewardLoss(Form.ALL_PAIRS, Integer.MAX_VALUE);
  }

  /**
   * Emits the loss of each prompt; 0 where all its answers are tied.
   *
   * @param ops emits into a graph
   * @param ranked rewards and scores, {@code [prompts, answers]} each
   * @return the losses, {@code [prompts]}
   */
  public Value losses(Ops ops, RankedRewards ranked) {
    Value places = PlackettLuce.firsts(ops, ranked.places(), top);
    Value better = ranked.better(ops);
    return switch (form) {
      case PLACKETT_LUCE ->
          ops.sum(ops.mul(PlackettLuce.terms(ops, ranked.columns(ops), better), places), 1);
      case ALL_PAIRS -> {
        Value fits = ops.mul(ops.logSigmoid(ranked.differences(ops)), better);
        Value sum = ops.sum(ops.mul(ops.sum(fits, 2), places), 1);
        Value pairs = ops.sum(ops.mul(ops.sum(better, 2), places), 1);
        yield ops.neg(ops.div(sum, ops.max(pairs, ops.constant(1))));
      }
    };
  }
}
