package org.alignment4j.interp.feature.train;

import java.util.List;
import org.alignment4j.interp.feature.SparseAutoencoder;
import org.alignment4j.runtime.train.Metrics;
import org.alignment4j.runtime.train.RunEnd;
import org.apiguardian.api.API;

/**
 * What a run made.
 *
 * @param autoencoder the trained autoencoder or transcoder; a selection over batches has become
 *     JumpReLU, and a scale of the inputs is folded
 * @param metrics one entry per step this process made, in order
 * @param end where the run ended, and of which step the weights are
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SaeTrainingResult(SparseAutoencoder autoencoder, List<Metrics> metrics, RunEnd end) {

  /** Copies the metrics. */
  public SaeTrainingResult {
    metrics = List.copyOf(metrics);
  }
}
