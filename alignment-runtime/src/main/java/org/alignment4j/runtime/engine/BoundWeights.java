package org.alignment4j.runtime.engine;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.session.OrtRuntime;
import org.alignment4j.runtime.session.Tensor;

/** Weights as tensors that graphs read in place. Thread-safe. */
public final class BoundWeights implements AutoCloseable {

  private final Map<String, Tensor> tensors;

  private BoundWeights(Map<String, Tensor> tensors) {
    this.tensors = Collections.unmodifiableMap(tensors);
  }

  /** Binds every tensor of the weights; nothing is copied. */
  public static BoundWeights of(OrtRuntime runtime, Weights weights) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (String name : weights.names()) {
      WeightTensor w = weights.get(name);
      tensors.put(name, Tensor.of(runtime, w.data(), w.shape()));
    }
    return new BoundWeights(tensors);
  }

  /** The tensors by parameter name. */
  public Map<String, Tensor> tensors() {
    return tensors;
  }

  @Override
  public void close() {
    tensors.values().forEach(Tensor::close);
  }
}
