package org.alignment4j.runtime.train;

import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignment4j.runtime.architecture.DecoderGraph;
import org.alignment4j.runtime.engine.BoundWeights;
import org.alignment4j.runtime.engine.DecoderEngine;
import org.alignment4j.runtime.graph.Layers;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
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

  /** So many tokens of each row. */
  private record Likeliest(int count) implements RowReading.Quantity {
    @Override
    public Set<String> outputs() {
      return Set.of(LOGITS, TOKENS);
    }

    @Override
    public void build(Ops ops, DecoderGraph decoder, Value rows) {
      List<Value> top = new Layers(ops).top(decoder.logits(rows), count);
      ops.graph().output(LOGITS, top.get(0));
      ops.graph().output(TOKENS, top.get(1));
    }

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
    return RowReading.of(
        new Likeliest(count), engine, weights, adapter, batch, result -> read(count, result));
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
    return new RowReading(new Likeliest(count), adapted, decomposed, batch.tokens().attention())
        .run(engine, weights, batch, result -> read(count, result));
  }

  private static void requireCount(DecoderEngine engine, int count) {
    int vocab = engine.architecture().config().vocabSize();
    if (count < 1 || count > vocab) {
      throw new IllegalArgumentException(
          "count must be in [1, %s], the size of the vocabulary, but was %s"
              .formatted(vocab, count));
    }
  }

  private static TopLogits read(int count, RunResult result) {
    FloatBuffer values = result.get(LOGITS).floats();
    LongBuffer ids = result.get(TOKENS).longs();
    float[] logits = new float[values.remaining()];
    values.get(logits);
    int[] tokens = new int[ids.remaining()];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = (int) ids.get();
    }
    return new TopLogits(count, tokens, logits);
  }
}
