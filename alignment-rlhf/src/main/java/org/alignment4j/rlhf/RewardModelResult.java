package org.alignment4j.rlhf;

import java.util.List;
import org.alignment4j.rlhf.data.EncodingReport;
import org.alignment4j.rlhf.reward.TrainedRewardModel;
import org.alignment4j.runtime.train.Metrics;
import org.alignment4j.runtime.train.RunEnd;
import org.apiguardian.api.API;

/**
 * What a reward model's run gives.
 *
 * @param model the reward model, which the caller closes; the model training started from is
 *     unchanged
 * @param metrics one entry per update of the run, those before an interruption included; what is
 *     evaluated before the first is step 0
 * @param report what happened to the pairs on their way to tokens
 * @param end where the run ended, early or not, and of which update the model is
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RewardModelResult(
    TrainedRewardModel model, List<Metrics> metrics, EncodingReport report, RunEnd end) {

  /** Copies the metrics. */
  public RewardModelResult {
    metrics = List.copyOf(metrics);
  }
}
