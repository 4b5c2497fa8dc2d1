package org.alignment4j.runtime.train;

import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignment4j.runtime.architecture.Architecture;
import org.alignment4j.runtime.architecture.AttentionKind;
import org.alignment4j.runtime.architecture.DecoderGraph;
import org.alignment4j.runtime.architecture.Tap;
import org.alignment4j.runtime.engine.BoundWeights;
import org.alignment4j.runtime.engine.DecoderEngine;
import org.alignment4j.runtime.graph.ElementType;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.GraphModel;
import org.alignment4j.runtime.graph.Layers;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.alignment4j.runtime.session.CompiledGraph;
import org.alignment4j.runtime.session.RunResult;
import org.alignment4j.runtime.session.Tensor;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * The likeliest next tokens at each row of a micro-batch, without gradients: what a loss needs that
 * contrasts a label with what the model would rather write. Arrays are shared and read-only.
 *
 * @param count tokens of each row
 * @param tokens the likeliest first, of equals the lower one, {@code [rows · count]}
 * @param logits their logits, {@code [rows · count]}
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record TopLogits(int count, int[] tokens, float[] logits) {

  private static final String LOGITS = "top_logits";
  private static final String TOKENS = "top_tokens";

  /** Equal keys, equal graphs. */
  private record Key(
      Set<String> adapted, Set<String> decomposed, int count, AttentionKind attention) {
    /** What errors call the graph. */
    @Override
    public String toString() {
      return "likeliest tokens";
    }
  }

  /**
   * Finds the likeliest tokens. The logits of all rows are in memory at once, {@code [rows,
   * vocab]}.
   *
   * @param engine graphs of a language model's architecture
   * @param weights the model
   * @param adapter its adapter; null for none
   * @param count tokens of each row, from 1 to the size of the vocabulary
   * @param batch the rows; labels and inputs of an objective are ignored
   * @return the tokens and their logits
   * @throws IllegalArgumentException when the count is out of range
   * @throws org.alignment4j.api.ModelExecutionException when the graph fails
   */
  public static TopLogits of(
      DecoderEngine engine,
      BoundWeights weights,
      @Nullable LoraAdapter adapter,
      int count,
      MicroBatch batch) {
    requireCount(engine, count);
    Key key =
        adapter == null
            ? new Key(Set.of(), Set.of(), count, batch.tokens().attention())
            : new Key(
                Set.copyOf(adapter.matrices().keySet()),
                adapter.decomposed(),
                count,
                batch.tokens().attention());
    return LabelLogProbs.with(
        engine, weights, adapter, tensors -> run(engine, key, tensors, batch));
  }

  /** The same with bound weights, adapter and all. */
  static TopLogits of(
      DecoderEngine engine,
      Set<String> adapted,
      Set<String> decomposed,
      Map<String, Tensor> weights,
      int count,
      MicroBatch batch) {
    requireCount(engine, count);
    Key key =
        new Key(Set.copyOf(adapted), Set.copyOf(decomposed), count, batch.tokens().attention());
    return run(engine, key, weights, batch);
  }

  private static void requireCount(DecoderEngine engine, int count) {
    int vocab = engine.architecture().config().vocabSize();
    if (count < 1 || count > vocab) {
      throw new IllegalArgumentException(
          "count must be in [1, %s], the size of the vocabulary, but was %s"
              .formatted(vocab, count));
    }
  }

  private static TopLogits run(
      DecoderEngine engine, Key key, Map<String, Tensor> weights, MicroBatch batch) {
    CompiledGraph graph = engine.graph(key, () -> build(engine.architecture(), key));
    try (MicroBatchFeeds inputs = new MicroBatchFeeds(engine, batch)) {
      Map<String, Tensor> all = new HashMap<>(engine.constants());
      all.putAll(weights);
      all.putAll(inputs.tensors());
      try (RunResult result = graph.run(all, Map.of(), Set.of(LOGITS, TOKENS))) {
        FloatBuffer values = result.get(LOGITS).floats();
        LongBuffer ids = result.get(TOKENS).longs();
        float[] logits = new float[values.remaining()];
        values.get(logits);
        int[] tokens = new int[ids.remaining()];
        for (int i = 0; i < tokens.length; i++) {
          tokens[i] = (int) ids.get();
        }
        return new TopLogits(key.count(), tokens, logits);
      }
    }
  }

  private static GraphModel build(Architecture architecture, Key key) {
    Ops ops = new Ops(new Graph(ElementType.FLOAT));
    DecoderGraph decoder =
        new DecoderGraph(
            ops,
            architecture,
            key.attention(),
            new DecoderGraph.Training(
                name -> false,
                key.adapted(),
                false,
                (weight, x) -> x,
                new DecoderGraph.Gains(key.decomposed(), false)),
            Tap.none());
    Value rows = decoder.finalNorm(decoder.selectRows(decoder.residual(), false));
    List<Value> top = new Layers(ops).top(decoder.logits(rows), key.count());
    ops.graph().output(LOGITS, top.get(0));
    ops.graph().output(TOKENS, top.get(1));
    return ops.graph().toModel();
  }
}
