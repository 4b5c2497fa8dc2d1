package org.alignment4j.runtime.engine;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.alignment4j.runtime.architecture.Architecture;
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
  private final Map<String, Tensor> constants;
  private final Map<Object, CompiledGraph> graphs = new ConcurrentHashMap<>();
  private final AtomicInteger users = new AtomicInteger(1);

  /**
   * An engine with one user.
   *
   * @throws org.alignment4j.api.ModelExecutionException if native memory for its constants fails
   */
  public DecoderEngine(OrtRuntime runtime, Architecture architecture) {
    this.runtime = runtime;
    this.architecture = architecture;
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
      constants.values().forEach(Tensor::close);
      constants.clear();
    }
  }
}
