package org.alignment4j.examples.conformance;

import java.util.Arrays;
import org.alignment4j.rlhf.advantage.Advantages;
import org.alignment4j.rlhf.advantage.TokenValues;
import org.alignment4j.rlhf.policy.ClippedValueLoss;
import org.alignment4j.rlhf.policy.LossValues;
import org.alignment4j.rlhf.policy.PolicyBatch;
import org.alignment4j.rlhf.policy.PolicyLoss;
import org.alignment4j.rlhf.policy.PolicyLosses;

/**
 * The losses of one case of PPO.
 *
 * @param check collects the comparisons
 * @param root the file
 * @param one the case
 * @param tokens the tokens of the completions
 */
record PpoLossCase(Check check, Fixture root, Fixture one, PaddedTokens tokens) {

  private static final double DEFAULT_CLIP = 0.2;
  private static final double DEFAULT_VALUE_WEIGHT = 0.1;

  void version0(Advantages advantages) {
    LossValues policy = policy(one.get("cliprange").number(), advantages);
    Fixture stats = one.get("stats");
    check.close("pg_loss", policy.loss(), one.get("pg_loss").number(), Tolerance.DOUBLE);
    gradients("grad_new_logprobs", policy, tokens);
    single(stats, "policy/clipfrac", policy.metric("clip_ratio/region_mean"));
    single(stats, "policy/approxkl", policy.metric("approx_kl"));
    double weight = one.get("vf_coef").number();
    LossValues value =
        value(
            one.get("cliprange_value").number(),
            advantages.returns().orElseThrow(),
            tokens,
            weight);
    check.close(
        "vf_coef_times_vf_loss",
        value.loss(),
        one.get("vf_coef_times_vf_loss").number(),
        Tolerance.DOUBLE);
    gradients("grad_vpreds", value, tokens);
    single(stats, "val/clipfrac", value.metric("value/clip_ratio"));
    single(stats, "val/error", value.metric("value/error"));
  }

  void version1(Advantages advantages, PaddedTokens steps) {
    LossValues policy = policy(DEFAULT_CLIP, advantages);
    check.close("pg_loss", policy.loss(), one.get("pg_loss").number(), Tolerance.DOUBLE);
    gradients("grad_new_logprobs", policy, tokens);
    TokenValues returns = advantages.returns().orElseThrow();
    LossValues value = value(DEFAULT_CLIP, returns, steps, DEFAULT_VALUE_WEIGHT);
    double loss = value.loss() / DEFAULT_VALUE_WEIGHT;
    check.close("vf_loss", loss, one.get("vf_loss").number(), Tolerance.DOUBLE);
    check.close("loss", policy.loss() + value.loss(), one.get("loss").number(), Tolerance.DOUBLE);
    gradients("grad_vpreds", value, steps);
  }

  private LossValues policy(double epsilon, Advantages advantages) {
    return PolicyLosses.evaluate(
        PolicyLoss.ppo(epsilon, epsilon),
        PolicyBatch.of(
            tokens.flat(one.get("new_logprobs")),
            tokens.flat(root.get("inputs").get("logprobs")),
            advantages.advantages().flat(),
            tokens.lengths()));
  }

  private LossValues value(double epsilon, TokenValues returns, PaddedTokens steps, double weight) {
    double[] values = steps.flat(one.get("vpreds"));
    double[] weights = new double[values.length];
    Arrays.fill(weights, weight / weights.length);
    return PolicyLosses.evaluate(
        new ClippedValueLoss(epsilon),
        values,
        steps.flat(root.get("inputs").get("values")),
        returns.flat(),
        weights);
  }

  private void gradients(String key, LossValues values, PaddedTokens at) {
    check.close(key, values.gradients(), at.flat(one.get(key)), Tolerance.DOUBLE);
  }

  private void single(Fixture stats, String key, double actual) {
    check.close(key, actual, stats.get(key).number(), Tolerance.SINGLE);
  }
}
