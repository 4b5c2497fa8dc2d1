package org.alignment4j.rlhf;

import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.alignment4j.rlhf.advantage.CompletionMask;
import org.alignment4j.rlhf.advantage.EntropyController;
import org.alignment4j.rlhf.advantage.HighEntropyTokens;
import org.alignment4j.rlhf.advantage.MaskedStatistics;
import org.alignment4j.rlhf.advantage.TokenValues;
import org.alignment4j.rlhf.policy.EntropyRegularisedLoss;
import org.alignment4j.rlhf.policy.GmpoLoss;
import org.alignment4j.rlhf.policy.KlRegularisedLoss;
import org.alignment4j.rlhf.policy.OffPolicyMaskedLoss;
import org.alignment4j.rlhf.policy.PolicyLoss;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * What is done with the entropy of the policy, over the whole vocabulary, at each token of a
 * completion. Where nothing is, it is not computed, and the metric {@code entropy} is an estimate
 * from the sampled tokens. Immutable.
 *
 * <pre>{@code
 * trainer.entropy(EntropyUse.bonus(EntropyController.adaptive(1.2)).withTokens(0.2));
 * }</pre>
 *
 * @param bonus weight of the entropy in the loss, {@code −c·mean H} over the tokens learned from; a
 *     fixed 0 measures it; null for neither
 * @param tokens the tokens that the policy gradient, and the bonus, are left to; null for all. They
 *     take a forward pass of their own, which gives the log-probabilities of the policy that
 *     sampled too. Not for {@link GmpoLoss}, which is made of whole completions
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record EntropyUse(@Nullable EntropyController bonus, @Nullable HighEntropyTokens tokens) {

  private static final EntropyUse NONE = new EntropyUse(null, null);

  /**
   * Returns no use of it.
   *
   * @return neither computed nor acted upon
   */
  public static EntropyUse none() {
    return NONE;
  }

  /**
   * Returns its measurement at each update.
   *
   * @return without a bonus
   */
  public static EntropyUse measured() {
    return bonus(EntropyController.fixed(0));
  }

  /**
   * Returns a bonus of a constant weight.
   *
   * @param coefficient c, finite and not negative
   * @return the use
   * @throws IllegalArgumentException when c is out of range
   */
  public static EntropyUse bonus(double coefficient) {
    return bonus(EntropyController.fixed(coefficient));
  }

  /**
   * Returns a bonus.
   *
   * @param controller gives its weight
   * @return the use
   */
  public static EntropyUse bonus(EntropyController controller) {
    return new EntropyUse(Objects.requireNonNull(controller, "controller"), null);
  }

  /**
   * Returns this use with the policy gradient left to some tokens.
   *
   * @param share of the tokens, those of the highest entropy, in (0, 1]; 0.2 in Wang et al. 2025
   * @return the use
   * @throws IllegalArgumentException when the share is out of range
   */
  public EntropyUse withTokens(double share) {
    return new EntropyUse(bonus, new HighEntropyTokens(share));
  }

  /**
   * Refuses a second bonus, and tokens left out of a loss that is not made of tokens.
   *
   * @throws IllegalArgumentException when the loss of the method has a bonus of its own, or is that
   *     of GMPO and tokens are selected
   */
  void check(PolicyMethod method) {
    PolicyLoss loss = method.loss();
    PolicyLoss within = loss instanceof KlRegularisedLoss kl ? kl.policy() : loss;
    if (ofUpdate() == PolicyObjective.Entropy.REWARDED
        && within instanceof EntropyRegularisedLoss) {
      throw new IllegalArgumentException(
          "the bonus for entropy must be one but the trainer has %s and the loss of %s is %s; take one away"
              .formatted(bonus, method.name(), loss));
    }
    // GMPO gives every token the gradient of its whole completion: leaving out the advantages of
    // some would not leave out their gradient, and would take the bound off it.
    if (tokens != null && innermost(loss) instanceof GmpoLoss) {
      throw new IllegalArgumentException(
          ("the policy gradient is left to %s but %s, whose loss is %s, takes one mean over all tokens"
                  + " of a completion; leave withTokens away, or take a loss of tokens, such as"
                  + " PolicyMethod.grpo()")
              .formatted(tokens, method.name(), loss));
    }
  }

  private static PolicyLoss innermost(PolicyLoss loss) {
    if (loss instanceof KlRegularisedLoss kl) {
      return innermost(kl.policy());
    }
    if (loss instanceof EntropyRegularisedLoss bonus) {
      return innermost(bonus.policy());
    }
    return loss instanceof OffPolicyMaskedLoss masked ? innermost(masked.policy()) : loss;
  }

  /**
   * Puts the entropy of a step in place of the estimate: that of the policy that sampled, or, where
   * updates measure it, nothing, since they report it.
   *
   * @param entropies of the policy that sampled; null where they are not known
   */
  void report(Map<String, Double> metrics, @Nullable TokenValues entropies, CompletionMask mask) {
    if (bonus != null) {
      metrics.remove(PolicyObjective.ENTROPY);
    } else if (entropies != null) {
      metrics.put(PolicyObjective.ENTROPY, MaskedStatistics.mean(entropies, mask));
    }
  }

  /** What of it the update computes. */
  PolicyObjective.Entropy ofUpdate() {
    if (bonus == null) {
      return PolicyObjective.Entropy.UNSEEN;
    }
    return bonus.equals(EntropyController.fixed(0))
        ? PolicyObjective.Entropy.MEASURED
        : PolicyObjective.Entropy.REWARDED;
  }

  /** By name, for the description of a run; nothing where there is none. */
  Map<String, String> describe() {
    Map<String, String> values = new TreeMap<>();
    if (bonus != null) {
      values.put("entropy_bonus", bonus.toString());
    }
    if (tokens != null) {
      values.put("entropy_tokens", tokens.toString());
    }
    return values;
  }
}
