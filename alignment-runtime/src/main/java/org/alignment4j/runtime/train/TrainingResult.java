package org.alignment4j.runtime.train;

import java.util.List;
import java.util.Optional;
import org.alignment4j.runtime.checkpoint.Weights;
import org.apiguardian.api.API;

/**
 * What a run made.
 *
 * @param weights the model's weights: new where they were trained, shared with the base elsewhere
 * @param adapter the trained adapter of {@code weights}, when one was trained
 * @param metrics one entry per step this process made, in order; earlier ones of a resumed run are
 *     in its folder; what callbacks report before the first update is step 0
 * @param end where it ended, and of which step the weights are
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record TrainingResult(
    Weights weights, Optional<LoraAdapter> adapter, List<Metrics> metrics, RunEnd end) {

  public TrainingResult {
    metrics = List.copyOf(metrics);
  }

  /** The result shares the memory of trained weights: nothing may change them any more. */
  static TrainingResult of(
      Trainable trainable, FlatParameters parameters, List<Metrics> metrics, RunEnd end) {
    return new TrainingResult(
        PresentModel.weights(trainable, parameters),
        PresentModel.adapter(trainable, parameters),
        metrics,
        end);
  }
}
