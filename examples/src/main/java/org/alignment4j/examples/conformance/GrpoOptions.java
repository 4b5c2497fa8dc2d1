package org.alignment4j.examples.conformance;

import org.alignment4j.rlhf.advantage.KlEstimator;
import org.alignment4j.rlhf.advantage.TokenWeights;
import org.alignment4j.rlhf.policy.CispoLoss;
import org.alignment4j.rlhf.policy.GspoLoss;
import org.alignment4j.rlhf.policy.KlPenalty;
import org.alignment4j.rlhf.policy.PolicyLoss;
import org.alignment4j.rlhf.policy.PpoLoss;

/**
 * The options of TRL's trainer of GRPO as a loss and weights.
 *
 * @param loss the loss of tokens
 * @param weights how they are added up
 * @param usesOld whether the policy that sampled is another than the trained one
 */
record GrpoOptions(PolicyLoss loss, TokenWeights weights, boolean usesOld) {

  static GrpoOptions of(Fixture root, Fixture one) {
    refuse(one, "top_entropy_quantile", 1);
    if (one.has("off_policy_mask_threshold")) {
      throw new SkippedCaseException("there is no off_policy_mask_threshold in a loss");
    }
    String type = one.get("loss_type").text();
    boolean sequences = one.text("importance_sampling_level", "token").equals("sequence");
    PolicyLoss loss = policyLoss(type, one, sequences);
    double beta = one.number("beta", 0);
    if (beta != 0) {
      boolean corrected = one.node().path("use_bias_correction_kl").asBoolean();
      loss = loss.withKl(new KlPenalty(KlEstimator.K3, beta, corrected));
    }
    return new GrpoOptions(
        loss, weights(type, root), one.node().path("uses_old_logps").asBoolean(true));
  }

  private static PolicyLoss policyLoss(String type, Fixture one, boolean sequences) {
    double low = one.get("epsilon_low").number();
    double high = one.get("epsilon_high").number();
    boolean bounded = one.has("delta");
    if (sequences && !bounded && !type.equals("cispo") && !type.equals("sapo")) {
      return new GspoLoss(low, high);
    }
    if (sequences) {
      throw new SkippedCaseException("there is no ratio of sequences in this form of " + type);
    }
    return switch (type) {
      case "grpo", "bnpo", "dapo", "dr_grpo" -> {
        PpoLoss loss = PolicyLoss.ppo(low, high);
        yield bounded ? loss.withDelta(one.get("delta").number()) : loss;
      }
      case "cispo" -> new CispoLoss(1, high, CispoLoss.Cap.EPSILON);
      case "sapo" -> PolicyLoss.sapo();
      default -> throw new SkippedCaseException("there is no loss_type '" + type + "'");
    };
  }

  private static TokenWeights weights(String type, Fixture root) {
    return switch (type) {
      case "grpo", "sapo" -> TokenWeights.sequenceMean();
      case "bnpo", "dapo", "cispo" -> TokenWeights.tokenMean();
      case "dr_grpo" -> TokenWeights.constantLength(root.get("max_completion_length").integer());
      default -> throw new SkippedCaseException("there is no loss_type '" + type + "'");
    };
  }

  private static void refuse(Fixture one, String key, double neutral) {
    if (one.number(key, neutral) != neutral) {
      throw new SkippedCaseException("there is no " + key + " other than " + neutral);
    }
  }
}
