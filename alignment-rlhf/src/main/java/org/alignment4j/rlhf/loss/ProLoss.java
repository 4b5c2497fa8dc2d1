package org.alignment4j.rlhf.loss;

import java.util.Arrays;
import java.util.List;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * Preference ranking optimisation (Song et al. 2023, arXiv 2306.17492, eq. 7 and 9): with the mean
 * log-probability p of each answer and its score R, {@code Σ_k [log(exp(p_k·T_k) + Σ_{R_i<R_k}
 * exp(p_i·(R_k − R_i))) − p_k·T_k] + w·(n − 1)²·NLL}, where {@code T_k} is the largest {@code R_k −
 * R_i}, NLL the negative log-likelihood of the best answer, summed over its tokens, and n the
 * number of answers. Tied answers are not compared. One answer alone has the loss {@code w·NLL}.
 *
 * @param sftWeight w, finite and not negative; 0.05 in the paper and its scripts, 2 in the defaults
 *     of its code
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ProLoss(double sftWeight) implements RankingLoss {

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when the weight is negative or not finite
   */
  public ProLoss {
    Settings.requireNotNegative("sftWeight", sftWeight);
  }

  @Override
  public Value losses(Ops ops, RankedLogProbs ranked) {
    Value p = ranks(ops, ranked);
    Value leads = ranked.leads(ops);
    Value own = ops.mul(PlackettLuce.identity(ops, ranked.places()), largest(ops, leads, ranked));
    Value logits = ops.mul(ranked.columns(ops, p), ops.add(leads, own));
    Value terms = ops.sum(PlackettLuce.terms(ops, logits, ranked.better(ops)), 1);
    Value others = ops.shift(ranked.counts(ops), -1);
    Value factor = ops.scale(ops.max(ops.square(others), ops.constant(1)), sftWeight);
    return ops.sub(terms, ops.mul(factor, ranked.best(ops, ranked.policy())));
  }

  /** The largest lead of each answer, {@code [prompts, answers, 1]}. */
  private static Value largest(Ops ops, Value leads, RankedLogProbs ranked) {
    long[] ones = new long[ranked.places()];
    Arrays.fill(ones, 1);
    if (ones.length == 1) {
      return leads;
    }
    List<Value> columns = ops.split(leads, 2, ones);
    Value largest = columns.get(0);
    for (Value column : columns.subList(1, columns.size())) {
      largest = ops.max(largest, column);
    }
    return largest;
  }

  @Override
  public Value ranks(Ops ops, RankedLogProbs ranked) {
    return ranked.means(ops);
  }
}
