package org.alignment4j.runtime.engine;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
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
 * Weights that models have in common which differ in their adapters only: bound once for all of
 * them, and packed into the graphs that are run token by token. Weights never change, so neither
 * does a packed graph become stale. Counts its users; {@link #graph}, {@link #hooked} and {@link
 * #tensors} are thread-safe, its owner guards the count.
 */
final class SharedWeights {

  /**
   * How many graphs stay in which activations are edited. They are fewer than those without packed
   * weights, since each takes the memory of the quantised weights once more.
   */
  static final int HOOKED_GRAPHS = 4;

  private final OrtRuntime runtime;
  private final Weights weights;
  private final BoundWeights bound;
  private final GraphCache graphs = new GraphCache(HOOKED_GRAPHS);
  private int users = 1;

  /** Binds weights for one user. */
  SharedWeights(OrtRuntime runtime, Weights weights) {
    this.runtime = runtime;
    this.weights = weights;
    this.bound = BoundWeights.of(runtime, weights);
  }

  Weights weights() {
    return weights;
  }

  /** The weights by the names of the inputs they are for. */
  Map<String, Tensor> tensors() {
    return bound.tensors();
  }

  /**
   * The compiled graph of a structure, with weights packed into it. A packed weight takes its
   * memory once more, in the order in which kernels read it.
   *
   * @param key a value equal for equal structures
   * @param floats whether float32 weights are packed, not quantised ones alone
   */
  CompiledGraph graph(Object key, boolean floats, Supplier<Graph> build) {
    return graphs.graph(key, () -> compile(key.toString(), floats, build.get()));
  }

  /**
   * A compiled graph in which activations are edited, with the quantised weights packed into it. It
   * stays until the lease ends, and after that as long as it is one of the {@value #HOOKED_GRAPHS}
   * used last.
   *
   * @param key a value equal for equal structures
   */
  GraphLease hooked(Object key, Supplier<Graph> build) {
    return graphs.lease(key, () -> compile(key.toString(), false, build.get()));
  }

  private CompiledGraph compile(String name, boolean floats, Graph graph) {
    Set<String> inputs = graph.inputs().stream().map(Value::name).collect(Collectors.toSet());
    Map<String, Tensor> used = new HashMap<>(bound.tensors());
    used.keySet().retainAll(inputs);
    if (!floats) {
      weights.names().forEach(used::remove);
    }
    Map<String, Supplier<ByteBuffer>> planes = new HashMap<>();
    for (StoredTensor tensor : weights.stored()) {
      if (tensor instanceof QuantisedTensor weight
          && inputs.contains(QuantisedMatrix.highLevels(weight.name()))) {
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

  /** How many graphs are compiled. */
  int openGraphs() {
    return graphs.open();
  }

  void retain() {
    users++;
  }

  /** Whether the next to be removed is the last user. */
  boolean hasOneUser() {
    return users == 1;
  }

  /** Removes a user; the last one frees the graphs and what they read. */
  boolean release() {
    if (--users > 0) {
      return false;
    }
    Releases.all(List.of(graphs::close, bound::close));
    return true;
  }
}
