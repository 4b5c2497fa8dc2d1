package org.alignment4j.runtime.engine;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.alignment4j.runtime.checkpoint.QuantisedTensor;
import org.alignment4j.runtime.checkpoint.StoredTensor;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.graph.QuantisedMatrix;
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
    weights.stored().forEach(tensor -> tensors.putAll(bind(runtime, tensor)));
    return new BoundWeights(tensors);
  }

  /**
   * One parameter as the inputs a graph reads it by; nothing is copied. Their caller closes them.
   */
  public static Map<String, Tensor> bind(OrtRuntime runtime, StoredTensor tensor) {
    if (tensor instanceof QuantisedTensor quantised) {
      return bindQuantised(runtime, quantised);
    }
    WeightTensor weight = (WeightTensor) tensor;
    return Map.of(weight.name(), Tensor.of(runtime, weight.data(), weight.shape()));
  }

  private static Map<String, Tensor> bindQuantised(OrtRuntime runtime, QuantisedTensor tensor) {
    String name = tensor.name();
    long out = tensor.out();
    long blocks = tensor.blocks();
    long bytes = tensor.format().blockBytes();
    return Map.of(
        QuantisedMatrix.levels(name), Tensor.ofBytes(runtime, tensor.levels(), out, blocks, bytes),
        QuantisedMatrix.levelRows(name),
            Tensor.ofBytes(runtime, tensor.levels(), out, blocks * bytes),
        QuantisedMatrix.scales(name), Tensor.of(runtime, tensor.scales(), out, blocks));
  }

  /** The tensors by the names of the inputs they are for. */
  public Map<String, Tensor> tensors() {
    return tensors;
  }

  @Override
  public void close() {
    tensors.values().forEach(Tensor::close);
  }
}
