package org.alignment4j.rlhf;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.rlhf.advantage.SequenceRewards;
import org.jspecify.annotations.Nullable;

/** What is reported of a step of online preference optimisation, named as in TRL. */
final class OnlineReport {

  /** The share of answers that the length limit did not end. */
  static final String ENDED = "val/contain_eos_token";

  private OnlineReport() {}

  /**
   * What sampling and scoring gave; all but the margin of scores are means over all answers.
   *
   * @param reference log-probabilities of the tokens under the reference; null without one
   * @param beta coefficient of the divergence in the reward that the loss optimises
   */
  static Map<String, Double> of(
      SampledStep sampled,
      SequenceRewards scores,
      OnlinePairs pairs,
      double @Nullable [][] reference,
      double beta) {
    Map<String, Double> metrics = new LinkedHashMap<>();
    int count = sampled.rollouts().size();
    double entropy = 0;
    double kl = 0;
    for (int i = 0; i < count; i++) {
      double own = Arrays.stream(sampled.known().row(i)).sum();
      entropy -= own / count;
      kl += reference == null ? 0 : (own - Arrays.stream(reference[i]).sum()) / count;
    }
    Map<String, Double> rewards = RewardMetrics.of(scores, sampled.groups());
    Double score = rewards.get("reward");
    if (score != null) {
      metrics.put("objective/scores", score);
    }
    if (reference != null) {
      metrics.put("objective/kl", kl);
      metrics.put("objective/non_score_reward", -beta * kl);
      if (score != null) {
        metrics.put("objective/rlhf_reward", score - beta * kl);
      }
    }
    metrics.put("objective/entropy", entropy);
    List<OnlinePairs.Pair> kept = pairs.pairs();
    if (!kept.isEmpty()) {
      metrics.put(
          "objective/scores_margin",
          kept.stream().mapToDouble(OnlinePairs.Pair::margin).average().orElse(0));
    }
    rewards.forEach(
        (name, value) -> {
          if (name.startsWith("rewards/")) {
            metrics.put(name, value);
          }
        });
    metrics.put(ENDED, 1 - sampled.truncatedShare());
    metrics.put("completions/mean_length", sampled.meanLength());
    pairs.metrics().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(entry -> metrics.put(entry.getKey(), entry.getValue()));
    return metrics;
  }
}
