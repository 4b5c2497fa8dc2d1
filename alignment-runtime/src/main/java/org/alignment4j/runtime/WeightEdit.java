package org.alignment4j.runtime;

import java.util.function.UnaryOperator;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;

/** One parameter of a model changed by hand. */
final class WeightEdit {

  private WeightEdit() {}

  /**
   * Weights with one parameter changed.
   *
   * @param change gets a copy of the values, row major, and gives as many new ones
   * @throws org.alignment4j.api.CheckpointException if there is no such parameter
   * @throws IllegalArgumentException if the number of values changes
   * @throws IllegalStateException if the parameter is quantised
   */
  static Weights of(Weights weights, String name, UnaryOperator<float[]> change) {
    WeightTensor old = weights.get(name);
    if (weights.quantised().containsKey(name)) {
      throw new IllegalStateException(
          "a quantised weight is frozen but '"
              + name
              + "' is to be edited; edit the float32 model, or dequantised(), and quantise the"
              + " result");
    }
    float[] values = new float[old.size()];
    old.data().get(values);
    float[] changed = change.apply(values);
    if (changed.length != old.size()) {
      throw new IllegalArgumentException(
          "the edit of "
              + name
              + " must give "
              + old.size()
              + " values but gave "
              + changed.length);
    }
    return weights.with(WeightTensor.of(name, old.shape(), changed));
  }
}
