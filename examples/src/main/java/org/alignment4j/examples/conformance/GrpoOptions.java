package org.alignment4j.examples.conformance;

import java.util.List;
import org.alignment4j.rlhf.advantage.KlEstimator;
import org.alignment4j.rlhf.advantage.TokenWeights;
import org.alignment4j.rlhf.policy.CispoLoss;
import org.alignment4j.rlhf.policy.GspoLoss;
import org.alignment4j.rlhf.policy.KlPenalty;
import org.alignment4j.rlhf.policy.PolicyLoss;
import org.alignment4j.rlhf.policy.PpoLoss;
import org.alignment4j.rlhf.policy.SapoLoss;
import org.alignment4j.rlhf.policy.VespoLoss;

/**
 * The options of TRL's trainer of GRPO as a loss and weights.
 *
 * @param loss the loss of tokens
 * @param weights how they are added up
 * @param accumulated whether the mean is over the tokens of all batches of an update
 * @param usesOld whether the policy that sampled is another than the trained one
 * @param sequences whether ratios are those of sequences
 * @param entropyShare the share of tokens, those of the highest entropy, that are learned from
 */
record GrpoOptions(
    PolicyLoss loss,
    TokenWeights weights,
    boolean accumulated,
    boolean usesOld,
    boolean sequences,
    double entropyShare) {

  private static final String ENTROPY_SHARE = "top_entropy_quantile";

  static GrpoOptions of(Fixture root, Fixture one) {
    String type = one.get("loss_type").text();
    boolean sequences = one.text("importance_sampling_level", "token").equals("sequence");
    double share = one.number(ENTROPY_SHARE, 1);
    if (!(share > 0 && share <= 1)) {
      throw new SkippedCaseException("there is no %s of %s".formatted(ENTROPY_SHARE, share));
    }
    double beta = one.number("beta", 0);
    boolean corrected = beta != 0 && one.node().path("use_bias_correction_kl").asBoolean();
    refuse(type, sequences, corrected, share < 1 || beta != 0);
    PolicyLoss loss = policyLoss(type, one, sequences);
    if (one.has("off_policy_mask_threshold")) {
      loss = loss.withOffPolicyMask(one.get("off_policy_mask_threshold").number());
    }
    if (beta != 0) {
      KlPenalty.Gradient gradient =
          corrected ? KlPenalty.Gradient.BIAS_CORRECTED : KlPenalty.Gradient.ESTIMATOR;
      loss = loss.withKl(new KlPenalty(KlEstimator.K3, beta, gradient));
    }
    return new GrpoOptions(
        loss,
        weights(type, root),
        List.of("dapo", "cispo", "vespo").contains(type),
        one.node().path("uses_old_logps").asBoolean(true),
        sequences,
        share);
  }

  /** What is defined of tokens or of sequences alone, in TRL or here. */
  private static void refuse(String type, boolean sequences, boolean corrected, boolean perToken) {
    if (type.equals("luspo") && (!sequences || perToken)) {
      throw new SkippedCaseException(
          "loss_type 'luspo' is a loss of sequences: TRL averages terms of tokens in it over the"
              + " padding too");
    }
    if (sequences && (type.equals("cispo") || type.equals("sapo"))) {
      throw new SkippedCaseException(
          "there is no loss_type '%s' with ratios of sequences".formatted(type));
    }
    if (sequences && corrected && type.equals("vespo")) {
      throw new SkippedCaseException(
          "loss_type 'vespo' has no penalty corrected by ratios of sequences");
    }
  }

  private static PolicyLoss policyLoss(String type, Fixture one, boolean sequences) {
    return switch (type) {
      case "grpo", "bnpo", "dapo", "dr_grpo", "luspo" -> clipped(one, sequences);
      case "cispo" -> cispo(one);
      case "sapo" ->
          new SapoLoss(
              one.number("sapo_temperature_pos", 1), one.number("sapo_temperature_neg", 1.05));
      case "vespo" ->
          new VespoLoss(
              one.number("vespo_k_pos", 2),
              one.number("vespo_lambda_pos", 3),
              one.number("vespo_k_neg", 3),
              one.number("vespo_lambda_neg", 2));
      default -> throw new SkippedCaseException("there is no loss_type '" + type + "'");
    };
  }

  private static PolicyLoss clipped(Fixture one, boolean sequences) {
    double low = one.get("epsilon_low").number();
    double high = one.number("epsilon_high", low);
    if (!one.has("delta")) {
      return sequences ? new GspoLoss(low, high) : PolicyLoss.ppo(low, high);
    }
    if (sequences) {
      throw new SkippedCaseException("there is no delta that bounds ratios of sequences");
    }
    double delta = one.get("delta").number();
    PpoLoss loss = PolicyLoss.ppo(low, high);
    if (delta <= 1 + high) {
      throw new SkippedCaseException(
          "there is no delta at or below 1 + epsilon_high, such as " + delta);
    }
    return loss.withDelta(delta);
  }

  private static PolicyLoss cispo(Fixture one) {
    double high = one.get("epsilon_high").number();
    if (high < 1) {
      throw new SkippedCaseException(
          "there is no bound of weights below 1 in loss_type 'cispo', such as epsilon_high "
              + high);
    }
    return new CispoLoss(1, high, CispoLoss.Cap.EPSILON);
  }

  private static TokenWeights weights(String type, Fixture root) {
    return switch (type) {
      case "grpo", "sapo" -> TokenWeights.sequenceMean();
      case "bnpo", "dapo", "cispo", "vespo" -> TokenWeights.tokenMean();
      case "dr_grpo" -> TokenWeights.constantLength(root.get("max_completion_length").integer());
      case "luspo" -> TokenWeights.sequenceSum();
      default -> throw new SkippedCaseException("there is no loss_type '" + type + "'");
    };
  }
}
