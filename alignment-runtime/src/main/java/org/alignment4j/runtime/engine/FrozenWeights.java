package org.alignment4j.runtime.engine;

import java.util.LinkedHashMap;
import java.util.Map;
import org.alignment4j.runtime.checkpoint.BlockFormat;
import org.alignment4j.runtime.checkpoint.BlockFormat.Activations;
import org.alignment4j.runtime.checkpoint.QuantisedTensor;
import org.alignment4j.runtime.checkpoint.StoredTensor;
import org.alignment4j.runtime.checkpoint.Weights;

/** The quantised weights of an engine, the same in all its models. Immutable and thread-safe. */
final class FrozenWeights {

  private final Map<String, QuantisedTensor> weights = new LinkedHashMap<>();

  /** Those of the weights that are quantised. */
  FrozenWeights(Weights weights) {
    for (StoredTensor tensor : weights.stored()) {
      if (tensor instanceof QuantisedTensor quantised) {
        this.weights.put(quantised.name(), quantised);
      }
    }
  }

  /**
   * Refuses weights whose quantised tensors are not these.
   *
   * @throws IllegalArgumentException naming the first one
   */
  void require(Weights given) {
    for (QuantisedTensor weight : weights.values()) {
      if (!given.contains(weight.name()) || !isSame(given.stored(weight.name()), weight)) {
        throw new IllegalArgumentException(
            "a quantised model is frozen but its weight '"
                + weight.name()
                + "' is to be replaced; change the float32 model, or dequantised(), and quantise"
                + " the result");
      }
    }
    for (String name : given.quantised().keySet()) {
      if (!weights.containsKey(name)) {
        throw new IllegalArgumentException(
            "the weights of this model must be float32 but '"
                + name
                + "' is quantised; load a model of the quantised weights instead");
      }
    }
  }

  @SuppressWarnings("ReferenceEquality")
  private static boolean isSame(StoredTensor given, QuantisedTensor own) {
    return given == own;
  }

  /** Whether there are none. */
  boolean isEmpty() {
    return weights.isEmpty();
  }

  /** Whether some take activations in 8 bits, which only packed ones can. */
  boolean integers() {
    return weights.values().stream()
        .map(QuantisedTensor::format)
        .map(BlockFormat::activations)
        .anyMatch(Activations.INT8::equals);
  }
}
