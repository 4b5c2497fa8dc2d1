package org.alignment4j.rlhf;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.engine.BoundWeights;
import org.alignment4j.runtime.engine.DecoderEngine;
import org.alignment4j.runtime.train.FlatLayout;
import org.alignment4j.runtime.train.FlatParameters;
import org.alignment4j.runtime.train.LabelLogProbs;
import org.alignment4j.runtime.train.MicroBatch;
import org.alignment4j.runtime.train.Trainable;

/**
 * A model that is being trained, as it is at each call and without noise. Weights that are trained
 * themselves are read where the optimiser changes them; matrices of an adapter are copied at each
 * call.
 */
final class PresentPolicy implements AutoCloseable {

  private final DecoderEngine engine;
  private final Trainable trainable;
  private final FlatParameters parameters;
  private final BoundWeights weights;

  PresentPolicy(DecoderEngine engine, Trainable trainable, FlatParameters parameters) {
    this.engine = engine;
    this.trainable = trainable;
    this.parameters = parameters;
    this.weights = BoundWeights.of(engine.runtime(), weights(trainable, parameters));
  }

  /** The model's weights, those that are trained shared with the parameters. */
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

  /**
   * The model as it is, which reads the trained weights where they lie.
   *
   * @param like the model that training started from
   * @return a view of its own; closed by the caller before the next update
   */
  DecoderModel model(DecoderModel like) {
    if (trainable instanceof Trainable.Adapter adapter) {
      return like.withAdapter(adapter.start().withParameters(parameters));
    }
    try (DecoderModel plain = like.withoutAdapter()) {
      return plain.withWeights(weights(trainable, parameters));
    }
  }

  /** Log-probability of each label. */
  float[] labels(MicroBatch batch) {
    return trainable instanceof Trainable.Adapter adapter
        ? LabelLogProbs.of(engine, weights, adapter.start().withParameters(parameters), batch)
        : LabelLogProbs.of(engine, weights, batch);
  }

  @Override
  public void close() {
    weights.close();
  }
}
