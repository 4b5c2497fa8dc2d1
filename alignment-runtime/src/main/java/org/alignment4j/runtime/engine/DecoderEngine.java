package org.alignment4j.runtime.engine;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.alignment4j.runtime.architecture.Architecture;
import org.alignment4j.runtime.architecture.WeightStorage;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.GraphModel;
import org.alignment4j.runtime.session.CompiledGraph;
import org.alignment4j.runtime.session.HeldResults;
import org.alignment4j.runtime.session.OrtRuntime;
import org.alignment4j.runtime.session.Tensor;

/**
 * The compiled graphs of one architecture, shared by every model of it: the base, its fine-tuned
 * and its intervened views. Counts its users and frees native memory when the last one leaves.
 *
 * <p>A graph takes about two mebibytes. Those that train, score and generate without edits are few
 * and stay. Those in which activations are read or edited are as many as there are sets of points:
 * the {@value #HOOKED_GRAPHS} used last stay, besides those in use; one that is asked for again
 * later is compiled again.
 *
 * <p>Thread-safe.
 */
public final class DecoderEngine {

  /** How many graphs in which activations are read or edited stay compiled. */
  public static final int HOOKED_GRAPHS = 64;

  /** How many bytes of what runs kept may lie in native memory until they are read: 256 MiB. */
  private static final long RESULT_BYTES = 256L << 20;

  private final OrtRuntime runtime;
  private final Architecture architecture;
  private final FrozenWeights frozen;
  private final boolean packsFloats;
  private final Map<String, Tensor> constants;
  private final GraphCache graphs = new GraphCache(HOOKED_GRAPHS);
  private final HeldResults results = new HeldResults(RESULT_BYTES);
  private final Map<Weights, SharedWeights> shares = new IdentityHashMap<>();
  private final AtomicInteger users = new AtomicInteger(1);
  private final Use maker = new Use();

  /**
   * An engine with one user, for weights in float32.
   *
   * @throws org.alignment4j.api.ModelExecutionException if native memory for its constants fails
   */
  public DecoderEngine(OrtRuntime runtime, Architecture architecture) {
    this(runtime, architecture, Weights.of(List.of()), false);
  }

  /**
   * An engine with one user.
   *
   * @param weights of its models; those among them that are quantised are the same in all of them
   * @param packsFloats whether float32 weights, too, are packed into graphs that run token by token
   * @throws org.alignment4j.api.ModelExecutionException if native memory for its constants fails
   */
  public DecoderEngine(
      OrtRuntime runtime, Architecture architecture, Weights weights, boolean packsFloats) {
    this.runtime = runtime;
    this.architecture = architecture.stored(new WeightStorage(weights.quantised(), false));
    this.frozen = new FrozenWeights(weights);
    this.packsFloats = packsFloats;
    this.constants = new HashMap<>(RotaryTables.of(runtime, architecture.config()));
  }

  /**
   * An engine with one user that runs where this one does and packs as it does, for other models.
   *
   * @throws org.alignment4j.api.ModelExecutionException if native memory for its constants fails
   */
  public DecoderEngine of(Architecture other, Weights weights) {
    return new DecoderEngine(runtime, other, weights, packsFloats);
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

  /** What runs kept, until it is read; the engine copies the rest to the heap when it is freed. */
  public HeldResults results() {
    return results;
  }

  /**
   * The compiled graph of a structure, built the first time it is asked for. It stays as long as
   * the engine, which is for structures that are few.
   *
   * @param key a value equal for equal structures
   * @param model builds the graph
   * @throws org.alignment4j.api.ModelExecutionException if ONNX Runtime refuses it
   * @throws IllegalStateException if the engine has been freed
   */
  public CompiledGraph graph(Object key, Supplier<GraphModel> model) {
    return graphs.graph(key, () -> compile(key, model.get()));
  }

  /**
   * The compiled graph of a structure in which activations are read or edited. It stays until the
   * lease ends, and after that as long as it is one of the {@value #HOOKED_GRAPHS} used last.
   *
   * @param key a value equal for equal structures
   * @param model builds the graph
   * @throws org.alignment4j.api.ModelExecutionException if ONNX Runtime refuses it
   * @throws IllegalStateException if the engine has been freed
   */
  public GraphLease hooked(Object key, Supplier<GraphModel> model) {
    return graphs.lease(key, () -> compile(key, model.get()));
  }

  private CompiledGraph compile(Object key, GraphModel model) {
    return CompiledGraph.compile(runtime, key.toString(), model);
  }

  /** How many graphs are compiled, packed ones left out. */
  int openGraphs() {
    return graphs.open();
  }

  /** The compiled graph of a structure that is run token by token, weights packed into it. */
  CompiledGraph decoding(SharedWeights weights, Object key, Function<Architecture, Graph> build) {
    return frozen.isEmpty() && !packsFloats
        ? graph(key, () -> build.apply(architecture).toModel())
        : weights.graph(key, packsFloats, () -> build.apply(packed()));
  }

  /**
   * A graph that is run token by token and in which activations are edited, quantised weights
   * packed into it.
   */
  GraphLease hookedDecoding(
      SharedWeights weights, Object key, Function<Architecture, Graph> build) {
    return frozen.isEmpty()
        ? hooked(key, () -> build.apply(architecture).toModel())
        : weights.hooked(key, () -> build.apply(packed()));
  }

  /**
   * The compiled graph of a structure that is run over many tokens: quantised weights are packed
   * into it where they take activations in 8 bits, so that a model scores as it generates.
   */
  CompiledGraph scoring(SharedWeights weights, Object key, Function<Architecture, Graph> build) {
    return frozen.integers()
        ? weights.graph(key, false, () -> build.apply(packed()))
        : graph(key, () -> build.apply(architecture).toModel());
  }

  /** As {@link #scoring}, a graph in which activations are edited. */
  GraphLease hookedScoring(SharedWeights weights, Object key, Function<Architecture, Graph> build) {
    return frozen.integers()
        ? weights.hooked(key, () -> build.apply(packed()))
        : hooked(key, () -> build.apply(architecture).toModel());
  }

  private Architecture packed() {
    return architecture.stored(new WeightStorage(architecture.storage().quantised(), true));
  }

  /**
   * Adds a user to weights, which are bound for the first one.
   *
   * @throws IllegalArgumentException if its quantised tensors are not those of this engine
   */
  SharedWeights share(Weights weights) {
    frozen.require(weights);
    synchronized (shares) {
      SharedWeights shared = shares.get(weights);
      if (shared == null) {
        shared = new SharedWeights(runtime, weights);
        shares.put(weights, shared);
      } else {
        shared.retain();
      }
      return shared;
    }
  }

  /** Removes a user of weights. */
  void unshare(SharedWeights shared) {
    synchronized (shares) {
      if (shared.hasOneUser()) {
        shares.remove(shared.weights());
      }
      shared.release();
    }
  }

  /**
   * Adds a user.
   *
   * @return to be closed when the user leaves
   * @throws IllegalStateException if the last user has left
   */
  public Use retain() {
    if (users.getAndUpdate(n -> n == 0 ? 0 : n + 1) == 0) {
      throw new IllegalStateException("the model is closed; load it again");
    }
    return new Use();
  }

  /**
   * Removes the user that the engine was made with; again does nothing. The last user to leave
   * frees the graphs.
   */
  public void release() {
    maker.close();
  }

  private void free() {
    Releases.all(
        List.of(
            results::close,
            graphs::close,
            () -> {
              constants.values().forEach(Tensor::close);
              constants.clear();
            }));
  }

  /** One user of an engine, who leaves once. Thread-safe. */
  public final class Use implements AutoCloseable {

    private final AtomicBoolean ended = new AtomicBoolean();

    private Use() {}

    /** Removes the user, the last of whom frees the graphs; again does nothing. */
    @Override
    public void close() {
      if (ended.compareAndSet(false, true) && users.decrementAndGet() == 0) {
        free();
      }
    }
  }
}
