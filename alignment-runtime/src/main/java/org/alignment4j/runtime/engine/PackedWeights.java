package org.alignment4j.runtime.engine;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.alignment4j.runtime.checkpoint.BlockFormat;
import org.alignment4j.runtime.checkpoint.BlockFormat.Activations;
import org.alignment4j.runtime.checkpoint.QuantisedTensor;
import org.alignment4j.runtime.checkpoint.StoredTensor;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.QuantisedMatrix;
import org.alignment4j.runtime.graph.Value;
import org.alignment4j.runtime.session.CompiledGraph;
import org.alignment4j.runtime.session.OrtRuntime;
import org.alignment4j.runtime.session.Tensor;

/**
 * The quantised weights of an engine, given to graphs when they are compiled. A compiled graph
 * keeps the levels once more, in its kernels' order. Thread-safe.
 */
final class PackedWeights {

  private final OrtRuntime runtime;
  private final List<QuantisedTensor> weights;
  private final Map<String, Tensor> shared = new HashMap<>();

  /** Those of the weights that are quantised. */
  PackedWeights(OrtRuntime runtime, Weights weights) {
    this.runtime = runtime;
    this.weights = new ArrayList<>();
    for (StoredTensor tensor : weights.stored()) {
      if (tensor instanceof QuantisedTensor quantised) {
        this.weights.add(quantised);
        shared.putAll(BoundWeights.bind(runtime, quantised));
      }
    }
  }

  /** Compiles a graph that reads its quantised weights in packed form. */
  CompiledGraph compile(String name, Graph graph) {
    Set<String> inputs = graph.inputs().stream().map(Value::name).collect(Collectors.toSet());
    Map<String, Tensor> used = new HashMap<>(shared);
    used.keySet().retainAll(inputs);
    Map<String, Supplier<ByteBuffer>> planes = new HashMap<>();
    for (QuantisedTensor weight : weights) {
      if (inputs.contains(QuantisedMatrix.highLevels(weight.name()))) {
        planes.put(QuantisedMatrix.highLevels(weight.name()), () -> plane(weight, 4));
        planes.put(QuantisedMatrix.lowLevels(weight.name()), () -> plane(weight, 0));
      }
    }
    Set<String> given = new HashSet<>(used.keySet());
    given.addAll(planes.keySet());
    return CompiledGraph.compile(runtime, name, graph.toModel(given), used, planes);
  }

  /** Four bits of every 8-bit level, two levels a byte, the earlier in the low half. */
  private static ByteBuffer plane(QuantisedTensor weight, int shift) {
    ByteBuffer levels = weight.levels();
    ByteBuffer plane = ByteBuffer.allocate(levels.remaining() / 2);
    byte[] read = new byte[Math.toIntExact(weight.blocks() * weight.format().blockBytes())];
    byte[] halves = new byte[read.length / 2];
    while (levels.hasRemaining()) {
      levels.get(read);
      for (int i = 0; i < halves.length; i++) {
        int earlier = read[2 * i] >> shift & 0xf;
        int later = read[2 * i + 1] >> shift & 0xf;
        halves[i] = (byte) (later << 4 | earlier);
      }
      plane.put(halves);
    }
    return plane.flip();
  }

  /**
   * Refuses weights whose quantised tensors are not these.
   *
   * @throws IllegalArgumentException naming the first one
   */
  void requireFrozen(Weights given) {
    for (QuantisedTensor weight : weights) {
      if (!given.contains(weight.name()) || !isSame(given.stored(weight.name()), weight)) {
        throw new IllegalArgumentException(
            "a quantised model is frozen but its weight '"
                + weight.name()
                + "' is to be replaced; change the float32 model, or dequantised(), and quantise"
                + " the result");
      }
    }
    given
        .quantised()
        .keySet()
        .forEach(
            name -> {
              if (weights.stream().noneMatch(w -> w.name().equals(name))) {
                throw new IllegalArgumentException(
                    "the weights of this model must be float32 but '"
                        + name
                        + "' is quantised; load a model of the quantised weights instead");
              }
            });
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
    return weights.stream()
        .map(QuantisedTensor::format)
        .map(BlockFormat::activations)
        .anyMatch(Activations.INT8::equals);
  }

  void close() {
    shared.values().forEach(Tensor::close);
    shared.clear();
  }
}
