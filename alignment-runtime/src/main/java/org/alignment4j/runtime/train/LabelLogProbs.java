package org.alignment4j.runtime.train;

import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.alignment4j.runtime.architecture.Architecture;
import org.alignment4j.runtime.architecture.AttentionKind;
import org.alignment4j.runtime.architecture.DecoderGraph;
import org.alignment4j.runtime.architecture.Tap;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.engine.BoundWeights;
import org.alignment4j.runtime.engine.DecoderEngine;
import org.alignment4j.runtime.graph.ElementType;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.GraphModel;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.session.CompiledGraph;
import org.alignment4j.runtime.session.RunResult;
import org.alignment4j.runtime.session.Tensor;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Log-probabilities of a micro-batch's labels without gradients: what an objective needs of a
 * reference policy. The weights alone are the reference of an adapter trained on them. Thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class LabelLogProbs {
  private static final String OUTPUT = "label_log_probs";

  /** Equal keys, equal graphs. */
  private record Key(
      Set<String> adapted, Set<String> decomposed, double temperature, AttentionKind attention) {
    /** What errors call the graph. */
    @Override
    public String toString() {
      return "log-probabilities of labels";
    }
  }

  private LabelLogProbs() {}

  /**
   * Scores labels under weights.
   *
   * @param engine graphs of the model's architecture
   * @param weights the model
   * @param batch what to score; inputs of an objective are ignored
   * @return log-probability of each label, {@code [rows]}
   * @throws org.alignment4j.api.ModelExecutionException when the graph fails
   */
  public static float[] of(DecoderEngine engine, BoundWeights weights, MicroBatch batch) {
    return run(engine, Set.of(), weights.tensors(), batch);
  }

  /**
   * Scores labels under weights with an adapter.
   *
   * @param engine graphs of the model's architecture
   * @param weights the model
   * @param adapter its adapter
   * @param batch what to score; inputs of an objective are ignored
   * @return log-probability of each label, {@code [rows]}
   * @throws org.alignment4j.api.ModelExecutionException when the graph fails
   */
  public static float[] of(
      DecoderEngine engine, BoundWeights weights, LoraAdapter adapter, MicroBatch batch) {
    return of(engine, weights, adapter, 1, batch);
  }

  /**
   * Scores labels at a temperature, which divides the logits.
   *
   * @param engine graphs of the model's architecture
   * @param weights the model
   * @param adapter its adapter; null for none
   * @param temperature positive
   * @param batch what to score; inputs of an objective are ignored
   * @return log-probability of each label, {@code [rows]}
   * @throws IllegalArgumentException when the head cannot be run at that temperature
   * @throws org.alignment4j.api.ModelExecutionException when the graph fails
   */
  public static float[] of(
      DecoderEngine engine,
      BoundWeights weights,
      @Nullable LoraAdapter adapter,
      double temperature,
      MicroBatch batch) {
    Set<String> adapted = adapter == null ? Set.of() : adapter.matrices().keySet();
    Set<String> decomposed = adapter == null ? Set.of() : adapter.decomposed();
    return with(
        engine,
        weights,
        adapter,
        tensors -> run(engine, adapted, decomposed, temperature, tensors, batch));
  }

  /** Hands over a model's tensors with those of its adapter, which are copied for the call. */
  static <T> T with(
      DecoderEngine engine,
      BoundWeights weights,
      @Nullable LoraAdapter adapter,
      Function<Map<String, Tensor>, T> use) {
    if (adapter == null) {
      return use.apply(weights.tensors());
    }
    Map<String, Tensor> matrices = new HashMap<>();
    try {
      for (WeightTensor tensor : adapter.tensors().tensors()) {
        matrices.put(tensor.name(), Tensor.of(engine.runtime(), tensor.data(), tensor.shape()));
      }
      Map<String, Tensor> feeds = new HashMap<>(weights.tensors());
      feeds.putAll(matrices);
      return use.apply(feeds);
    } finally {
      matrices.values().forEach(Tensor::close);
    }
  }

  static float[] run(
      DecoderEngine engine, Set<String> adapted, Map<String, Tensor> weights, MicroBatch batch) {
    return run(engine, adapted, Set.of(), 1, weights, batch);
  }

  /** What the head gives at a temperature, for the labels or the sequences of a batch. */
  static float[] run(
      DecoderEngine engine,
      Set<String> adapted,
      Set<String> decomposed,
      double temperature,
      Map<String, Tensor> weights,
      MicroBatch batch) {
    CompiledGraph graph =
        engine.graph(
            new Key(Set.copyOf(adapted), decomposed, temperature, batch.tokens().attention()),
            () ->
                build(
                    engine.architecture(),
                    batch.tokens().attention(),
                    temperature,
                    new DecoderGraph.Training(
                        name -> false,
                        adapted,
                        false,
                        (weight, x) -> x,
                        new DecoderGraph.Gains(decomposed, false))));
    try (MicroBatchFeeds inputs = new MicroBatchFeeds(engine, batch)) {
      Map<String, Tensor> all = new HashMap<>(engine.constants());
      all.putAll(weights);
      all.putAll(inputs.tensors());
      try (RunResult result = graph.run(all, Map.of(), Set.of(OUTPUT))) {
        FloatBuffer values = result.get(OUTPUT).floats();
        float[] logProbs = new float[values.remaining()];
        values.get(logProbs);
        return logProbs;
      }
    }
  }

  private static GraphModel build(
      Architecture architecture,
      AttentionKind attention,
      double temperature,
      DecoderGraph.Training training) {
    Ops ops = new Ops(new Graph(ElementType.FLOAT));
    DecoderGraph decoder = new DecoderGraph(ops, architecture, attention, training, Tap.none());
    ops.graph()
        .output(
            OUTPUT,
            decoder.outputs(
                decoder.finalNorm(decoder.selectRows(decoder.residual(), false)), temperature));
    return ops.graph().toModel();
  }
}
