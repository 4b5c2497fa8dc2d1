package org.alignment4j.rlhf.policy;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.alignment4j.rlhf.advantage.CappedImportance;
import org.alignment4j.rlhf.advantage.OffPolicySequenceMask;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * A policy loss that passes over completions of negative advantage from which the policy has moved
 * away, as it is at each update ({@link OffPolicySequenceMask}; TRL {@code
 * off_policy_mask_threshold}): their tokens have the loss 0 and still count in means. How far it
 * has moved is measured from the log-probabilities {@code old}, which the trainer computes. The
 * metric {@code off_policy_mask/masked_ratio} is 1 at them.
 *
 * @param policy any policy loss without bonus and penalty, which are put around this one
 * @param mask the threshold
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record OffPolicyMaskedLoss(PolicyLoss policy, OffPolicySequenceMask mask)
    implements PolicyLoss {

  static final String MASKED = "off_policy_mask/masked_ratio";

  /**
   * Checks the loss.
   *
   * @throws IllegalArgumentException when the loss has a mask, a bonus or a penalty
   */
  public OffPolicyMaskedLoss {
    Objects.requireNonNull(mask, "mask");
    if (policy instanceof OffPolicyMaskedLoss
        || policy instanceof KlRegularisedLoss
        || policy instanceof EntropyRegularisedLoss) {
      throw new IllegalArgumentException(
          "policy must be a loss without mask, penalty and bonus but was "
              + policy
              + "; add those to the masked loss");
    }
  }

  @Override
  public Value ratio(Ops ops, PolicyTokens tokens) {
    return policy.ratio(ops, tokens);
  }

  @Override
  public boolean needsReference() {
    return policy.needsReference();
  }

  @Override
  public PolicyLoss correctedAt(CappedImportance.Level level) {
    return new OffPolicyMaskedLoss(policy.correctedAt(level), mask);
  }

  @Override
  public LossTerms terms(Ops ops, PolicyTokens tokens) {
    LossTerms terms = policy.terms(ops, tokens);
    Value moved = ops.detached(ops.sub(tokens.old(), tokens.policy()));
    Value means = tokens.spread(ops, ops.div(tokens.sums(ops, moved), tokens.lengths()));
    Value punished = Ratios.positive(ops, ops.neg(tokens.advantages()));
    Value masked = ops.mul(punished, Ratios.above(ops, means, mask.threshold()));
    Map<String, Value> metrics = new LinkedHashMap<>(terms.metrics());
    metrics.put(MASKED, masked);
    Value kept = ops.shift(ops.neg(masked), 1);
    return new LossTerms(ops.mul(terms.losses(), kept), metrics);
  }
}
