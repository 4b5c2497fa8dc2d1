package org.alignment4j.rlhf;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.rlhf.advantage.CompletionMask;
import org.alignment4j.rlhf.advantage.LagrangeMultiplier;
import org.alignment4j.rlhf.advantage.LogProbMismatch;
import org.alignment4j.rlhf.advantage.MaskedStatistics;
import org.alignment4j.rlhf.advantage.SequenceRewards;
import org.alignment4j.rlhf.advantage.TokenRewards;
import org.alignment4j.rlhf.advantage.TokenValues;
import org.jspecify.annotations.Nullable;

/** What is reported of a step besides its updates. */
final class StepMetrics {

  /** The share of completions that the length limit ended. */
  static final String CUT = "completions/clipped_ratio";

  /** The share of groups whose rewards are equal. */
  static final String EQUAL = "frac_reward_zero_std";

  /** By how much sampler and trainer differ at a token, on average, in nats. */
  static final String MISMATCH = "sampling/sampling_logp_difference/mean";

  private StepMetrics() {}

  /**
   * Collects the metrics that need no log-probabilities.
   *
   * @param targets what critics are to learn: rewards first, costs behind
   * @param next what the training carries to the next step
   */
  static Map<String, Double> of(
      AdvantageStage stage, List<ValueTargets> targets, PolicyState next) {
    ScoredStep scored = stage.scored();
    SampledStep sampled = scored.sampled();
    Map<String, Double> metrics =
        new LinkedHashMap<>(RewardMetrics.of(scored.rewards(), sampled.groups()));
    metrics.put("kl_coefficient", stage.state().kl().coefficient());
    metrics.put("completions/mean_length", sampled.meanLength());
    metrics.put(CUT, sampled.truncatedShare());
    RewardMetrics.withoutDeviation(scored.rewards(), sampled.groups())
        .ifPresent(share -> metrics.put(EQUAL, share));
    metrics.put("sampling/rounds", (double) scored.rounds());
    if (!targets.isEmpty()) {
      metrics.put("explained_variance", targets.get(0).explainedVariance());
    }
    LagrangeMultiplier multiplier = next.multiplier();
    SequenceRewards costs = scored.costs();
    if (multiplier != null && costs != null) {
      metrics.put("cost", Arrays.stream(costs.totals()).average().orElse(0));
      metrics.put("lambda", multiplier.multiplier());
      metrics.put("cost_explained_variance", targets.get(1).explainedVariance());
    }
    return metrics;
  }

  /**
   * Collects the metrics of log-probabilities.
   *
   * @param old log-probabilities under the policy that sampled, as the trainer computes them
   * @param reference those under the reference; null where they are not known
   * @param form how the divergence is estimated
   */
  static Map<String, Double> ofTokens(
      SampledStep sampled, TokenValues old, @Nullable TokenValues reference, TokenRewards form) {
    CompletionMask mask = sampled.mask();
    Map<String, Double> metrics = new LinkedHashMap<>();
    if (reference != null) {
      double[] sums = form.divergences(old, reference, mask).sums(mask);
      metrics.put("kl", Arrays.stream(sums).average().orElse(0));
    }
    metrics.put("entropy", -MaskedStatistics.mean(old, mask));
    if (sampled.sampler() != null) {
      LogProbMismatch mismatch = LogProbMismatch.of(old, sampled.known(), mask);
      metrics.put(MISMATCH, mismatch.meanDifference());
      metrics.put("sampling/sampling_logp_difference/max", mismatch.maxDifference());
    }
    return metrics;
  }
}
