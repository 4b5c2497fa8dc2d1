package org.alignment4j.runtime.engine;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.alignment4j.runtime.architecture.Architecture;
import org.alignment4j.runtime.architecture.WeightStorage;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.GraphModel;
import org.alignment4j.runtime.session.CompiledGraph;
import org.alignment4j.runtime.session.OrtRuntime;
import org.alignment4j.runtime.session.Tensor;

/**
 * The compiled graphs of one architecture, shared by every model of it: the base, its fine-tuned
 * and its intervened views. Counts its users and frees native memory when the last one leaves.
 * Thread-safe.
 */
public final class DecoderEngine {

  private final OrtRuntime runtime;
  private final Architecture architecture;
  private final PackedWeights packed;
  private final Map<String, Tensor> constants;
  private final Map<Object, CompiledGraph> graphs = new ConcurrentHashMap<>();
  private final AtomicInteger users = new AtomicInteger(1);

  /**
   * An engine with one user, for weights in float32.
   *
   * @throws org.alignment4j.api.ModelExecutionException if native memory for its constants fails
   */
  public DecoderEngine(OrtRuntime runtime, Architecture architecture) {
    this(runtime, architecture, Weights.of(List.of()));
  }

  /**
   * An engine with one user.
   *
   * @param weights of its models; those among them that are quantised are the same in all of them
   * @throws org.alignment4j.api.ModelExecutionException if native memory for its constants fails
   */
  public DecoderEngine(OrtRuntime runtime, Architecture architecture, Weights weights) {
    this.runtime = runtime;
    this.architecture = architecture.stored(new WeightStorage(weights.quantised(), false));
    this.packed = new PackedWeights(runtime, weights);
    this.constants = new HashMap<>(RotaryTables.of(runtime, architecture.config()));
  }

  /** Where graphs run. */
  public OrtRuntime runtime() {
    return runtime;
  }

  /** The architecture every graph here is of. */
  public Architecture architecture() {
    return architecture;
  }

  /** Inputs that depend on the architecture only. */
  public Map<String, Tensor> constants() {
    return Map.copyOf(constants);
  }

  /**
   * The compiled graph of a structure, built the first time it is asked for.
   *
   * @param key a value equal for equal structures
   * @param model builds the graph
   * @throws org.alignment4j.api.ModelExecutionException if ONNX Runtime refuses it
   */
  public CompiledGraph graph(Object key, Supplier<GraphModel> model) {
    return graphs.computeIfAbsent(
        key, k -> CompiledGraph.compile(runtime, k.toString(), model.get()));
  }

  /**
   * The compiled graph of a structure that is run token by token: quantised weights are packed into
   * it, which takes their memory once more.
   *
   * @param key a value equal for equal structures
   * @param build emits the graph of the architecture it is given
   * @throws org.alignment4j.api.ModelExecutionException if ONNX Runtime refuses it
   */
  public CompiledGraph decoding(Object key, Function<Architecture, Graph> build) {
    if (packed.isEmpty()) {
      return graph(key, () -> build.apply(architecture).toModel());
    }
    Architecture form =
        architecture.stored(new WeightStorage(architecture.storage().quantised(), true));
    return graphs.computeIfAbsent(key, k -> packed.compile(k.toString(), build.apply(form)));
  }

  /**
   * The compiled graph of a structure that is run over many tokens: quantised weights are packed
   * into it where they take activations in 8 bits, so that a model scores as it generates.
   *
   * @param key a value equal for equal structures
   * @param build emits the graph of the architecture it is given
   * @throws org.alignment4j.api.ModelExecutionException if ONNX Runtime refuses it
   */
  public CompiledGraph scoring(Object key, Function<Architecture, Graph> build) {
    return packed.integers()
        ? decoding(key, build)
        : graph(key, () -> build.apply(architecture).toModel());
  }

  /** Refuses weights whose quantised tensors are not those of this engine. */
  void requireFrozen(Weights weights) {
    packed.requireFrozen(weights);
  }

  /**
   * Adds a user.
   *
   * @return this engine
   * @throws IllegalStateException if the last user has left
   */
  public DecoderEngine retain() {
    if (users.getAndUpdate(n -> n == 0 ? 0 : n + 1) == 0) {
      throw new IllegalStateException("the model is closed; load it again");
    }
    return this;
  }

  /** Removes a user; the last one frees the graphs. */
  public void release() {
    if (users.decrementAndGet() == 0) {
      graphs.values().forEach(CompiledGraph::close);
      graphs.clear();
      packed.close();
      constants.values().forEach(Tensor::close);
      constants.clear();
    }
  }
}
