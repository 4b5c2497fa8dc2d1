package org.alignment4j.rlhf.policy;

import org.alignment4j.rlhf.advantage.CappedImportance;
import org.alignment4j.rlhf.advantage.OffPolicySequenceMask;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * A loss whose gradient raises the probability of what was better than expected. It gives a loss
 * for each token; how they are added up is said by {@link
 * org.alignment4j.rlhf.advantage.TokenWeights}, each loss names the usual one. Immutable; two
 * losses are equal when they emit the same expression.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface PolicyLoss
    permits PpoLoss,
        GspoLoss,
        GmpoLoss,
        RlooLoss,
        CispoLoss,
        SapoLoss,
        ReinforceLoss,
        AlolLoss,
        AlolKlLoss,
        GoldLoss,
        KlRegularisedLoss,
        EntropyRegularisedLoss,
        OffPolicyMaskedLoss,
        VespoLoss {

  /**
   * Emits the loss of each token.
   *
   * @param ops emits into a graph
   * @param tokens log-probabilities and advantages, {@code [rows]} each
   * @return losses and metrics, {@code [rows]} each
   */
  LossTerms terms(Ops ops, PolicyTokens tokens);

  /**
   * Emits the importance ratio the loss is about, through which a gradient may flow.
   *
   * @param ops emits into a graph
   * @param tokens log-probabilities, {@code [rows]}
   * @return π/π_old of tokens, or of sequences at each of their tokens, {@code [rows]}
   */
  default Value ratio(Ops ops, PolicyTokens tokens) {
    return Ratios.ofTokens(ops, tokens);
  }

  /**
   * Returns whether the loss reads the reference's log-probabilities.
   *
   * @return whether they must be real
   */
  default boolean needsReference() {
    return false;
  }

  /**
   * Returns this loss for corrections of a level; {@link org.alignment4j.rlhf.PolicyMethod} asks
   * for that of its own. Only losses that multiply them over a completion depend on it.
   *
   * @param level of what the factors that the loss is given are the weights
   * @return the loss
   */
  default PolicyLoss correctedAt(CappedImportance.Level level) {
    return this;
  }

  /**
   * Returns the loss of PPO: ε 0.2, neither dual clip nor bound on the ratio. It is that of GRPO,
   * Dr.GRPO (symmetric ε) and RLOO with the ratio of tokens too.
   *
   * @return the loss
   */
  static PpoLoss ppo() {
    return ppo(0.2, 0.2);
  }

  /**
   * Returns the loss of PPO with bounds of its own; ε 0.2 and 0.28 are those of DAPO
   * ("clip-higher").
   *
   * @param epsilonLow by how much a ratio may fall below 1, in [0, 1]
   * @param epsilonHigh by how much it may rise above 1, not negative
   * @return the loss
   * @throws IllegalArgumentException when a value is out of range
   */
  static PpoLoss ppo(double epsilonLow, double epsilonHigh) {
    return new PpoLoss(epsilonLow, epsilonHigh, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);
  }

  /**
   * Returns the loss of GRPO with its penalty on divergence, k3, in the loss: ε 0.2.
   *
   * @param beta β, positive; 0.04 in the paper. TRL has 0: use {@link #ppo()}
   * @return the loss
   * @throws IllegalArgumentException when β is not positive
   */
  static KlRegularisedLoss grpo(double beta) {
    return ppo().withKl(KlPenalty.k3(beta));
  }

  /**
   * Returns the loss of GSPO: ε 3e-4 and 4e-4.
   *
   * @return the loss
   */
  static GspoLoss gspo() {
    return new GspoLoss(3e-4, 4e-4);
  }

  /**
   * Returns the loss of GMPO: log ratios of tokens clipped at ±0.4.
   *
   * @return the loss
   */
  static GmpoLoss gmpo() {
    return new GmpoLoss(0.4, 0.4);
  }

  /**
   * Returns the loss of CISPO: weights up to 1.28, none from below. The 0.28 is the ε_high of DAPO,
   * since the paper names none; TRL takes 5 for the bound itself, open-instruct 1.272.
   *
   * @return the loss
   */
  static CispoLoss cispo() {
    return new CispoLoss(1, 0.28, CispoLoss.Cap.ONE_PLUS);
  }

  /**
   * Returns the loss of SAPO: temperatures 1 and 1.05.
   *
   * @return the loss
   */
  static SapoLoss sapo() {
    return new SapoLoss(1, 1.05);
  }

  /**
   * Returns the loss of VESPO: k and λ 2 and 3, 3 and 2 where the advantage is negative.
   *
   * @return the loss
   */
  static VespoLoss vespo() {
    return new VespoLoss(2, 3, 3, 2);
  }

  /**
   * Returns the loss of RLOO with the ratio of sequences: ε 0.2.
   *
   * @return the loss
   */
  static RlooLoss rloo() {
    return new RlooLoss(0.2, 0.2);
  }

  /**
   * Returns the loss of REINFORCE, which has no ratio and so no clip.
   *
   * @return the loss
   */
  static ReinforceLoss reinforce() {
    return new ReinforceLoss();
  }

  /**
   * Returns this loss with a bonus for entropy.
   *
   * @param coefficient c_H, positive
   * @return the sum
   * @throws IllegalArgumentException when the coefficient is not positive, or this loss has such a
   *     bonus
   */
  default EntropyRegularisedLoss withEntropy(double coefficient) {
    return new EntropyRegularisedLoss(this, coefficient);
  }

  /**
   * Returns this loss without completions of negative advantage from which the policy has moved
   * away.
   *
   * @param threshold how far in the mean over tokens, in nats, finite and not negative
   * @return the masked loss
   * @throws IllegalArgumentException when the threshold is out of range, or this loss has a mask, a
   *     bonus or a penalty
   */
  default OffPolicyMaskedLoss withOffPolicyMask(double threshold) {
    return new OffPolicyMaskedLoss(this, new OffPolicySequenceMask(threshold));
  }

  /**
   * Returns this loss with a penalty on the divergence from the reference.
   *
   * @param penalty the penalty
   * @return the sum
   * @throws IllegalArgumentException when this loss has such a penalty
   */
  default KlRegularisedLoss withKl(KlPenalty penalty) {
    return new KlRegularisedLoss(this, penalty);
  }
}
