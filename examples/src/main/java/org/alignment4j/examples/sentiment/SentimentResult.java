package org.alignment4j.examples.sentiment;

import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.rlhf.reward.RewardEvaluation;
import org.alignment4j.runtime.train.Metrics;

/**
 * What a run found.
 *
 * @param base before
 * @param tuned after
 * @param proxy the reward model on pairs of the base's replies to held-out prompts
 * @param rewardCurve metrics of every update of the reward model
 * @param account what is told of the tuned model's training
 * @param provenance what the figures come from
 */
record SentimentResult(
    Policy base,
    Policy tuned,
    RewardEvaluation proxy,
    List<Metrics> rewardCurve,
    Account account,
    Map<String, String> provenance) {

  /** In standard deviations of the base's replies. */
  Estimate goldGain() {
    return gain(ScoredReply::gold);
  }

  /** In standard deviations of the base's replies. */
  Estimate proxyGain() {
    return gain(ScoredReply::proxy);
  }

  /** In standard deviations of the base's replies. */
  Estimate gain(ToDoubleFunction<ScoredReply> figure) {
    return Gain.of(base.values(figure), tuned.values(figure), base.prompts());
  }
}
