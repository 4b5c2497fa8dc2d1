package org.alignment4j.rlhf;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.alignment4j.rlhf.advantage.AdvantageInput;
import org.alignment4j.rlhf.advantage.Advantages;
import org.alignment4j.rlhf.advantage.CompletionMask;
import org.alignment4j.rlhf.advantage.GroupFilter;
import org.alignment4j.rlhf.advantage.KlController;
import org.alignment4j.rlhf.advantage.LogProbMismatch;
import org.alignment4j.rlhf.advantage.SequenceRewards;
import org.alignment4j.rlhf.advantage.TokenRewards;
import org.alignment4j.rlhf.advantage.TokenValues;

/**
 * What a step's completions teach.
 *
 * @param advantages of tokens, and the tokens that are learned from
 * @param old log-probabilities under the policy that sampled, as the trainer computes them
 * @param reference those under the reference
 * @param divergence mean over completions of the divergence summed over each, in nats
 * @param metrics what to report
 */
record PolicyAdvantages(
    Advantages advantages,
    TokenValues old,
    TokenValues reference,
    double divergence,
    Map<String, Double> metrics) {

  static PolicyAdvantages of(
      PolicyMethod method,
      KlController kl,
      SampledStep sampled,
      SequenceRewards rewards,
      TokenValues old,
      TokenValues reference) {
    CompletionMask mask = sampled.mask();
    TokenRewards tokenRewards = method.tokenRewards();
    TokenValues divergences = tokenRewards.divergences(old, reference, mask);
    double divergence = Arrays.stream(divergences.sums(mask)).average().orElse(0);
    double beta = kl.coefficient();
    AdvantageInput input = AdvantageInput.of(rewards, sampled.groups(), mask);
    if (method.estimator().needsTokenRewards()) {
      input =
          input.withTokenRewards(tokenRewards.assemble(beta, divergences, rewards.totals(), mask));
    } else if (beta > 0) {
      input =
          AdvantageInput.of(
              rewards.with(TokenRewards.penalty(beta, divergences, mask)), sampled.groups(), mask);
    }
    Advantages advantages = method.estimator().estimate(input);
    Map<String, Double> metrics = new LinkedHashMap<>(PolicyRewards.metrics(rewards));
    metrics.put("kl", divergence);
    metrics.put("kl_coefficient", beta);
    metrics.put("completions/mean_length", sampled.meanLength());
    metrics.put("completions/clipped_ratio", sampled.truncatedShare());
    boolean[] equal = GroupFilter.exact().droppedGroups(rewards, sampled.groups());
    metrics.put("frac_reward_zero_std", share(equal));
    LogProbMismatch mismatch = LogProbMismatch.of(old, sampled.sampler(), mask);
    metrics.put("sampling/sampling_logp_difference/mean", mismatch.meanDifference());
    metrics.put("sampling/sampling_logp_difference/max", mismatch.maxDifference());
    return new PolicyAdvantages(
        kept(method, advantages, rewards, sampled), old, reference, divergence, metrics);
  }

  private static Advantages kept(
      PolicyMethod method, Advantages advantages, SequenceRewards rewards, SampledStep sampled) {
    GroupFilter filter = method.filter();
    return filter == null
        ? advantages
        : new Advantages(
            advantages.advantages(),
            advantages.mask().without(filter.droppedSequences(rewards, sampled.groups())),
            advantages.returns());
  }

  private static double share(boolean[] flags) {
    int set = 0;
    for (boolean flag : flags) {
      set += flag ? 1 : 0;
    }
    return flags.length == 0 ? 0 : (double) set / flags.length;
  }
}
