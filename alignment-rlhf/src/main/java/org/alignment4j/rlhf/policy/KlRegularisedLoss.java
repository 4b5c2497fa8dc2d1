package org.alignment4j.rlhf.policy;

import java.util.LinkedHashMap;
import java.util.Map;
import org.alignment4j.rlhf.advantage.CappedImportance;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * A policy loss with a penalty on the divergence from the reference at each token: {@code ℓ_t +
 * β·kl_t} (GRPO, Shao et al. 2024, arXiv 2402.03300, eq. 3). Corrections for another engine apply
 * to ℓ alone. The metric {@code kl_per_token} is the estimate at each token, in nats, with the
 * ratio where its bias is corrected; TRL's trainer of GRPO calls its mean {@code kl}, which here is
 * the divergence summed over a completion.
 *
 * @param policy ℓ, any policy loss without such a penalty
 * @param penalty the penalty
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record KlRegularisedLoss(PolicyLoss policy, KlPenalty penalty) implements PolicyLoss {

  /**
   * Checks the loss.
   *
   * @throws IllegalArgumentException when the loss has such a penalty already
   */
  public KlRegularisedLoss {
    if (Wrapping.any(
        policy, loss -> loss instanceof KlRegularisedLoss || loss instanceof AlolKlLoss)) {
      throw new IllegalArgumentException(
          "policy must be a loss without a penalty on divergence but was " + policy);
    }
  }

  @Override
  public Value ratio(Ops ops, PolicyTokens tokens) {
    return policy.ratio(ops, tokens);
  }

  @Override
  public boolean needsReference() {
    return true;
  }

  @Override
  public PolicyLoss correctedAt(CappedImportance.Level level) {
    return new KlRegularisedLoss(policy.correctedAt(level), penalty);
  }

  @Override
  public LossTerms terms(Ops ops, PolicyTokens tokens) {
    LossTerms terms = policy.terms(ops, tokens);
    Value estimates = penalty.estimates(ops, tokens, ratio(ops, tokens));
    Value losses = ops.add(terms.losses(), ops.scale(estimates, penalty.coefficient()));
    return reporting(new LossTerms(losses, terms.metrics()), ops.detached(estimates));
  }

  static LossTerms reporting(LossTerms terms, Value kl) {
    Map<String, Value> metrics = new LinkedHashMap<>(terms.metrics());
    metrics.put(PolicyMetrics.KL_PER_TOKEN, kl);
    return new LossTerms(terms.losses(), metrics);
  }
}
