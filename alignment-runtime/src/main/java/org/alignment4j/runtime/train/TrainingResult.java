package org.alignment4j.runtime.train;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;
import org.apiguardian.api.API;

/**
 * What a run made.
 *
 * @param weights the model's weights: new where they were trained, shared with the base elsewhere
 * @param adapter the trained adapter of {@code weights}, when one was trained
 * @param metrics one entry per step this process made, in order; earlier ones of a resumed run are
 *     in its folder
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record TrainingResult(
    Weights weights, Optional<LoraAdapter> adapter, List<Metrics> metrics) {

  public TrainingResult {
    metrics = List.copyOf(metrics);
  }

  /** The result shares the memory of full parameters: nothing may change them any more. */
  static TrainingResult of(Trainable trainable, FlatParameters parameters, List<Metrics> metrics) {
    if (trainable instanceof Trainable.Adapter adapter) {
      LoraAdapter trained = adapter.start().withParameters(parameters);
      List<WeightTensor> besides = adapter.names().stream().map(parameters::snapshot).toList();
      Weights weights = besides.isEmpty() ? adapter.base() : adapter.base().with(besides);
      return new TrainingResult(weights, Optional.of(trained), metrics);
    }
    Set<WeightTensor> changed = new LinkedHashSet<>();
    for (FlatLayout.Slot slot : parameters.layout().slots()) {
      long[] shape = slot.shape().stream().mapToLong(Integer::longValue).toArray();
      changed.add(new WeightTensor(slot.name(), shape, parameters.slice(slot.name())));
    }
    return new TrainingResult(trainable.base().with(changed), Optional.empty(), metrics);
  }
}
