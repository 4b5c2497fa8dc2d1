package org.alignment4j.examples.conformance;

import java.util.Arrays;
import java.util.Objects;
import org.alignment4j.rlhf.advantage.Advantages;
import org.alignment4j.rlhf.advantage.CompletionMask;
import org.alignment4j.rlhf.advantage.MaskedStatistics;
import org.alignment4j.rlhf.advantage.TokenRewards;
import org.alignment4j.rlhf.advantage.TokenValues;
import org.alignment4j.rlhf.advantage.Variance;
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
    single(stats, "loss/policy", policy.loss());
    single(stats, "loss/value", value.loss() / weight);
    single(stats, "loss/total", policy.loss() + value.loss());
    statistics(stats, advantages);
    check.close(
        "policy/ratio",
        Objects.requireNonNull(policy.metrics().get("ratio")),
        tokens.flat(stats.get("policy/ratio")),
        Tolerance.SINGLE);
  }

  private void statistics(Fixture stats, Advantages advantages) {
    CompletionMask mask = tokens.mask();
    TokenValues old = tokens.values(root.get("inputs").get("logprobs"));
    TokenValues now = tokens.values(one.get("new_logprobs"));
    TokenValues divergences = TokenRewards.standard().divergences(old, now, mask);
    single(stats, "policy/policykl", MaskedStatistics.mean(divergences, mask));
    if (one.has("logits_for_entropy")) {
      TokenValues entropies = LogitEntropies.of(one.get("logits_for_entropy"), tokens);
      single(stats, "policy/entropy", MaskedStatistics.mean(entropies, mask));
    }
    TokenValues whitened = advantages.advantages();
    single(stats, "policy/advantages_mean", MaskedStatistics.mean(whitened, mask));
    check.close(
        "policy/advantages",
        whitened.flat(),
        tokens.flat(stats.get("policy/advantages")),
        Tolerance.SINGLE);
    moments(stats, "returns", advantages.returns().orElseThrow());
    moments(stats, "val", tokens.values(root.get("inputs").get("values")));
    single(stats, "val/vpred", MaskedStatistics.mean(tokens.values(one.get("vpreds")), mask));
  }

  private void moments(Fixture stats, String prefix, TokenValues values) {
    CompletionMask mask = tokens.mask();
    single(stats, prefix + "/mean", MaskedStatistics.mean(values, mask));
    single(stats, prefix + "/var", MaskedStatistics.variance(values, mask, Variance.BESSEL));
  }

  void version1(Advantages advantages, PaddedTokens steps) {
    LossValues policy = policy(one.number("cliprange", DEFAULT_CLIP), advantages);
    check.close("pg_loss", policy.loss(), one.get("pg_loss").number(), Tolerance.DOUBLE);
    gradients("grad_new_logprobs", policy, tokens);
    TokenValues returns = advantages.returns().orElseThrow();
    double weight = one.number("vf_coef", DEFAULT_VALUE_WEIGHT);
    LossValues value = value(one.number("cliprange_value", DEFAULT_CLIP), returns, steps, weight);
    double loss = value.loss() / weight;
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
