package org.alignment4j.runtime.train;

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
import org.alignment4j.runtime.graph.Value;
import org.alignment4j.runtime.session.CompiledGraph;
import org.alignment4j.runtime.session.RunResult;
import org.alignment4j.runtime.session.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * What is read of a model at the rows of a micro-batch, without gradients. Equal readings have
 * equal graphs. Thread-safe.
 *
 * @param quantity what
 * @param adapted names of the weights that an adapter is over
 * @param decomposed those of them whose norm it sets
 * @param attention what positions see of each other
 */
record RowReading(
    Quantity quantity, Set<String> adapted, Set<String> decomposed, AttentionKind attention) {

  /**
   * What is read: a value, of which equal ones build equal graphs. Its text is what errors call the
   * graph.
   */
  interface Quantity {

    /** The names of the outputs. */
    Set<String> outputs();

    /**
     * Adds the outputs to a graph.
     *
     * @param decoder of the graph
     * @param rows the normalised residual stream at the rows, {@code [rows, dModel]}
     */
    void build(Ops ops, DecoderGraph decoder, Value rows);
  }

  RowReading {
    adapted = Set.copyOf(adapted);
    decomposed = Set.copyOf(decomposed);
  }

  /**
   * Reads a model whose adapter's tensors are copied for the call.
   *
   * @param adapter null for none
   * @param read takes what is kept of the outputs, which are freed after it
   */
  static <T> T of(
      Quantity quantity,
      DecoderEngine engine,
      BoundWeights weights,
      @Nullable LoraAdapter adapter,
      MicroBatch batch,
      Function<RunResult, T> read) {
    AttentionKind attention = batch.tokens().attention();
    if (adapter == null) {
      return new RowReading(quantity, Set.of(), Set.of(), attention)
          .run(engine, weights.tensors(), batch, read);
    }
    Map<String, Tensor> matrices = new HashMap<>();
    try {
      for (WeightTensor tensor : adapter.tensors().tensors()) {
        matrices.put(tensor.name(), Tensor.of(engine.runtime(), tensor.data(), tensor.shape()));
      }
      Map<String, Tensor> feeds = new HashMap<>(weights.tensors());
      feeds.putAll(matrices);
      return new RowReading(quantity, adapter.matrices().keySet(), adapter.decomposed(), attention)
          .run(engine, feeds, batch, read);
    } finally {
      matrices.values().forEach(Tensor::close);
    }
  }

  /** Reads a model whose bound weights are given, adapter and all. */
  <T> T run(
      DecoderEngine engine,
      Map<String, Tensor> weights,
      MicroBatch batch,
      Function<RunResult, T> read) {
    CompiledGraph graph = engine.graph(this, () -> build(engine.architecture()));
    try (MicroBatchFeeds inputs = new MicroBatchFeeds(engine, batch)) {
      Map<String, Tensor> all = new HashMap<>(engine.constants());
      all.putAll(weights);
      all.putAll(inputs.tensors());
      try (RunResult result = graph.run(all, Map.of(), quantity.outputs())) {
        return read.apply(result);
      }
    }
  }

  private GraphModel build(Architecture architecture) {
    Ops ops = new Ops(new Graph(ElementType.FLOAT));
    DecoderGraph decoder =
        new DecoderGraph(
            ops,
            architecture,
            attention,
            new DecoderGraph.Training(
                name -> false,
                adapted,
                false,
                (weight, x) -> x,
                new DecoderGraph.Gains(decomposed, false)),
            Tap.none());
    quantity.build(ops, decoder, decoder.finalNorm(decoder.selectRows(decoder.residual(), false)));
    return ops.graph().toModel();
  }

  /** What errors call the graph. */
  @Override
  public String toString() {
    return quantity.toString();
  }
}
