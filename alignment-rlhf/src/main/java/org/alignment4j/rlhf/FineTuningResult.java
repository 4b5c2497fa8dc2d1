package org.alignment4j.rlhf;

import java.util.List;
import org.alignment4j.rlhf.data.EncodingReport;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.Metrics;
import org.alignment4j.runtime.train.RunEnd;
import org.apiguardian.api.API;

/**
 * What a run gives.
 *
 * @param model the trained model, which the caller closes; the model training started from is
 *     unchanged
 * @param metrics one entry per update of the whole run, those made before an interruption included;
 *     what is evaluated before the first is step 0
 * @param report what happened to the examples on their way to tokens
 * @param end where the run ended, early or not, and of which update the model is
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record FineTuningResult(
    DecoderModel model, List<Metrics> metrics, EncodingReport report, RunEnd end) {

  /**
   * The result of a run that made all its updates.
   *
   * @param model the trained model
   * @param metrics one entry per update
   * @param report what happened to the examples
   */
  public FineTuningResult(DecoderModel model, List<Metrics> metrics, EncodingReport report) {
    this(
        model,
        metrics,
        report,
        RunEnd.afterAll(metrics.isEmpty() ? 0 : metrics.get(metrics.size() - 1).step()));
  }

  /** Copies the metrics. */
  public FineTuningResult {
    metrics = List.copyOf(metrics);
  }
}
