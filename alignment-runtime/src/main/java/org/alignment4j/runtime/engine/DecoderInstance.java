package org.alignment4j.runtime.engine;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.alignment4j.runtime.architecture.Architecture;
import org.alignment4j.runtime.architecture.DecoderGraph;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.session.CompiledGraph;
import org.alignment4j.runtime.session.OpenCalls;
import org.alignment4j.runtime.session.OrtRuntime;
import org.alignment4j.runtime.session.OwnedTensors;
import org.alignment4j.runtime.session.Tensor;

/**
 * The parameters of one model bound to an engine: what every run of it is fed. Thread-safe; {@link
 * #close} waits for calls in flight.
 */
public final class DecoderInstance {

  private final DecoderEngine engine;
  private final DecoderEngine.Use use;
  private final LoraInputs lora;
  private final Set<String> adapterInputs;
  private final SharedWeights weights;
  private final Map<String, Tensor> adapters;
  private final Map<String, Tensor> feeds;
  private final Runnable further;
  private final OpenCalls calls = new OpenCalls();

  private DecoderInstance(
      DecoderEngine engine,
      DecoderEngine.Use use,
      LoraInputs lora,
      SharedWeights weights,
      Runnable further) {
    this.engine = engine;
    this.use = use;
    this.further = further;
    this.lora = lora;
    this.adapterInputs = lora.names();
    this.weights = weights;
    this.adapters = tensors(engine.runtime(), lora);
    Map<String, Tensor> all = new HashMap<>(engine.constants());
    all.putAll(weights.tensors());
    all.putAll(adapters);
    this.feeds = Map.copyOf(all);
  }

  /**
   * Binds parameters; nothing is copied.
   *
   * @param engine of the same architecture; gains a user until {@link #close}
   * @throws IllegalArgumentException if its quantised weights are not the engine's
   * @throws IllegalStateException if the engine has been freed
   */
  public static DecoderInstance bind(DecoderEngine engine, Weights weights, LoraInputs lora) {
    return bind(engine, weights, lora, () -> {});
  }

  /**
   * Binds parameters; nothing is copied.
   *
   * @param engine of the same architecture; gains a user until {@link #close}
   * @param further what {@link #close} frees besides, once; not called when binding fails
   * @throws IllegalArgumentException if its quantised weights are not the engine's
   * @throws IllegalStateException if the engine has been freed
   */
  public static DecoderInstance bind(
      DecoderEngine engine, Weights weights, LoraInputs lora, Runnable further) {
    DecoderEngine.Use use = engine.retain();
    try {
      SharedWeights shared = engine.share(weights);
      try {
        return new DecoderInstance(engine, use, lora, shared, further);
      } catch (RuntimeException e) {
        engine.unshare(shared);
        throw e;
      }
    } catch (RuntimeException e) {
      use.close();
      throw e;
    }
  }

  private static Map<String, Tensor> tensors(OrtRuntime runtime, LoraInputs lora) {
    return OwnedTensors.all(
        made ->
            lora.tensors()
                .forEach(t -> made.put(t.name(), Tensor.of(runtime, t.data(), t.shape()))));
  }

  /** The engine whose graphs this model runs on. */
  public DecoderEngine engine() {
    return engine;
  }

  /** What graphs of this model declare: its adapters as inputs, nothing trained. */
  public DecoderGraph.Training training() {
    return new DecoderGraph.Training(
        name -> false,
        lora.targets(),
        false,
        (weight, x) -> x,
        new DecoderGraph.Gains(lora.rescaled(), true));
  }

  /** The inputs that graphs of this model have for its adapters; part of every graph's key. */
  public Set<String> adapterInputs() {
    return adapterInputs;
  }

  /**
   * The compiled graph of a structure that is run token by token, for structures that are few.
   * Quantised weights are packed into it, and float32 ones if the engine packs those; packed
   * weights take their memory once more, once for all models of the same weights and adapter
   * inputs.
   *
   * @param key a value equal for equal structures
   * @param build emits the graph of the architecture it is given
   * @throws org.alignment4j.api.ModelExecutionException if ONNX Runtime refuses it
   */
  public CompiledGraph decoding(Object key, Function<Architecture, Graph> build) {
    return engine.decoding(weights, key, build);
  }

  /**
   * The compiled graph of a structure that is run token by token and in which activations are
   * edited. Quantised weights are packed into it, which takes their memory once more; of such
   * graphs the {@value SharedWeights#HOOKED_GRAPHS} used last stay, of others the {@value
   * DecoderEngine#HOOKED_GRAPHS} used last.
   *
   * @param key a value equal for equal structures
   * @param build emits the graph of the architecture it is given
   * @return to be closed when the graph is not run any more
   * @throws org.alignment4j.api.ModelExecutionException if ONNX Runtime refuses it
   */
  public GraphLease hookedDecoding(Object key, Function<Architecture, Graph> build) {
    return engine.hookedDecoding(weights, key, build);
  }

  /**
   * The compiled graph of a structure that is run over many tokens, for structures that are few.
   * Quantised weights are packed into it where they take activations in 8 bits, so that a model
   * scores as it generates.
   *
   * @param key a value equal for equal structures
   * @param build emits the graph of the architecture it is given
   * @throws org.alignment4j.api.ModelExecutionException if ONNX Runtime refuses it
   */
  public CompiledGraph scoring(Object key, Function<Architecture, Graph> build) {
    return engine.scoring(weights, key, build);
  }

  /**
   * As {@link #scoring}, a graph in which activations are edited; as many stay as of {@link
   * #hookedDecoding}.
   *
   * @param key a value equal for equal structures
   * @param build emits the graph of the architecture it is given
   * @return to be closed when the graph is not run any more
   * @throws org.alignment4j.api.ModelExecutionException if ONNX Runtime refuses it
   */
  public GraphLease hookedScoring(Object key, Function<Architecture, Graph> build) {
    return engine.hookedScoring(weights, key, build);
  }

  /** How many graphs are compiled that this model may run. */
  int openGraphs() {
    return engine.openGraphs() + weights.openGraphs();
  }

  /** The inputs of a run: parameters, constants, and the given ones. */
  public Map<String, Tensor> feeds(Map<String, Tensor> inputs) {
    Map<String, Tensor> all = new HashMap<>(feeds);
    all.putAll(inputs);
    return all;
  }

  /**
   * Makes a call during which the model stays open. Calls from within it, by the same thread, are
   * part of it.
   *
   * @throws IllegalStateException if it is closed or being closed
   */
  public <T> T call(Supplier<T> work) {
    return calls.call(work);
  }

  /**
   * Frees what is this model's alone, and what it was bound with, once calls in flight have ended;
   * again does nothing.
   *
   * @throws IllegalStateException if called from within a call of this model
   * @throws org.alignment4j.api.ModelExecutionException if ONNX Runtime fails to free something,
   *     after everything else was freed
   */
  public void close() {
    calls.close(this::free);
  }

  private void free() {
    Releases.all(
        List.of(
            () -> adapters.values().forEach(Tensor::close),
            () -> engine.unshare(weights),
            use::close,
            further));
  }
}
