package org.alignment4j.runtime.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;
import org.apiguardian.api.API;

/**
 * A model while it is trained, as it is at each call and without noise. Valid as long as its {@link
 * TrainingStep} is open; used by the thread that trains.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class PresentModel {
  private final Trainable trainable;
  private final TrainingStep step;

  /**
   * Looks at a model.
   *
   * @param trainable the model and what of it is trained
   * @param step holds the parameters that change
   */
  public PresentModel(Trainable trainable, TrainingStep step) {
    this.trainable = trainable;
    this.step = step;
  }

  /**
   * Computes what the head gives, as {@link TrainingStep#outputs}.
   *
   * @param batch what to compute; inputs of the objective are ignored
   * @return log-probability of each label, {@code [rows]}, or the scores of a sequence classifier,
   *     {@code [rows · labels]}
   * @throws org.alignment4j.api.ModelExecutionException when the graph fails
   */
  public float[] outputs(MicroBatch batch) {
    return step.outputs(batch);
  }

  /**
   * Computes what the head gives at another temperature than the objective's, which divides the
   * logits.
   *
   * @param batch what to compute; inputs of the objective are ignored
   * @param temperature positive
   * @return log-probability of each label, {@code [rows]}
   * @throws IllegalArgumentException when the head cannot be run at that temperature
   * @throws org.alignment4j.api.ModelExecutionException when the graph fails
   */
  public float[] outputs(MicroBatch batch, double temperature) {
    return step.outputs(batch, temperature);
  }

  /**
   * Returns the model's weights. Those that are trained share the memory of the parameters, so that
   * nothing is copied: they are what the model is until the next update, and change with it.
   *
   * @return all weights, those of an adapter apart
   */
  public Weights weights() {
    return weights(trainable, step.parameters());
  }

  /**
   * Returns the adapter that is trained.
   *
   * @return a copy of it as it is, or empty where weights alone are trained
   */
  public Optional<LoraAdapter> adapter() {
    return adapter(trainable, step.parameters());
  }

  Trainable trainable() {
    return trainable;
  }

  TrainingStep step() {
    return step;
  }

  static Weights weights(Trainable trainable, FlatParameters parameters) {
    List<WeightTensor> trained = new ArrayList<>();
    for (FlatLayout.Slot slot : parameters.layout().slots()) {
      if (trainable.base().contains(slot.name())) {
        long[] shape = slot.shape().stream().mapToLong(Integer::longValue).toArray();
        trained.add(new WeightTensor(slot.name(), shape, parameters.slice(slot.name())));
      }
    }
    return trained.isEmpty() ? trainable.base() : trainable.base().with(trained);
  }

  static Optional<LoraAdapter> adapter(Trainable trainable, FlatParameters parameters) {
    return trainable instanceof Trainable.Adapter adapter
        ? Optional.of(adapter.start().withParameters(parameters))
        : Optional.empty();
  }
}
