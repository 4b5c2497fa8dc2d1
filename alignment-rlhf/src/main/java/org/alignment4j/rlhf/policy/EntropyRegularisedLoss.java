package org.alignment4j.rlhf.policy;

import java.util.LinkedHashMap;
import java.util.Map;
import org.alignment4j.rlhf.advantage.CappedImportance;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * A policy loss with a bonus for entropy, {@code ℓ_t − c_H·H} (Schulman et al. 2017, arXiv
 * 1707.06347, eq. 9), estimated from the sampled tokens alone: with {@code s = log π} the gradient
 * of H is {@code −E[s·∇s]} (the rest of the score function's expectation is 0), that of {@code
 * −½·ρ·s²} with the ratio ρ of tokens to the policy that sampled, which is not differentiated. So
 * {@code c_H·½·ρ·s²} is added: its value is no entropy, its expected gradient is that of the bonus.
 * It is noisier than a sum over the vocabulary, which {@code PolicyTrainer.entropy} rewards, and
 * costs nothing.
 *
 * <p>The metric {@code policy_entropy} is {@code −s}, whose mean over tokens of the policy itself
 * is the entropy.
 *
 * @param policy ℓ, any policy loss without such a bonus
 * @param coefficient c_H, positive and finite; 0.01 is usual for few actions, less for a vocabulary
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record EntropyRegularisedLoss(PolicyLoss policy, double coefficient) implements PolicyLoss {

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when the coefficient is not positive and finite, or the loss
   *     has such a bonus already
   */
  public EntropyRegularisedLoss {
    Settings.requirePositive("coefficient", coefficient);
    if (Wrapping.any(policy, loss -> loss instanceof EntropyRegularisedLoss)) {
      throw new IllegalArgumentException(
          "policy must be a loss without a bonus for entropy but was " + policy);
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
    return new EntropyRegularisedLoss(policy.correctedAt(level), coefficient);
  }

  @Override
  public LossTerms terms(Ops ops, PolicyTokens tokens) {
    LossTerms terms = policy.terms(ops, tokens);
    Value ratio = ops.detached(Ratios.ofTokens(ops, tokens));
    Value squares = ops.mul(ratio, ops.square(tokens.policy()));
    Map<String, Value> metrics = new LinkedHashMap<>(terms.metrics());
    metrics.put(PolicyMetrics.SURPRISE, ops.detached(ops.neg(tokens.policy())));
    return new LossTerms(ops.add(terms.losses(), ops.scale(squares, coefficient / 2)), metrics);
  }
}
