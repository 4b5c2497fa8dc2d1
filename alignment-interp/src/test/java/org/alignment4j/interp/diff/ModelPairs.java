package org.alignment4j.interp.diff;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;

/** Models made of others by known changes of weights. */
final class ModelPairs {

  private ModelPairs() {}

  /** Every weight with noise. */
  static DecoderModel noisy(DecoderModel model, double size, long seed) {
    Random random = new Random(seed);
    List<WeightTensor> changed = new ArrayList<>();
    for (WeightTensor tensor : model.weights().tensors()) {
      float[] values = floats(tensor);
      for (int i = 0; i < values.length; i++) {
        values[i] += (float) (size * (0.5 + Math.abs(random.nextGaussian())));
      }
      changed.add(WeightTensor.of(tensor.name(), tensor.shape(), values));
    }
    return model.withWeights(model.weights().with(changed));
  }

  /** Tensors whose names contain a word with noise, the others as they were. */
  static DecoderModel changed(DecoderModel model, String word, double size, long seed) {
    Random random = new Random(seed);
    Weights weights = model.weights();
    for (WeightTensor tensor : model.weights().tensors()) {
      if (tensor.name().contains(word)) {
        float[] values = floats(tensor);
        for (int i = 0; i < values.length; i++) {
          values[i] += (float) (size * random.nextGaussian());
        }
        weights = weights.with(WeightTensor.of(tensor.name(), tensor.shape(), values));
      }
    }
    return model.withWeights(weights);
  }

  static float[] floats(WeightTensor tensor) {
    float[] values = new float[tensor.size()];
    tensor.data().get(values);
    return values;
  }
}
