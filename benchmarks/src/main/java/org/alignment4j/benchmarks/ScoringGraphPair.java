package org.alignment4j.benchmarks;

import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignment4j.runtime.architecture.AttentionKind;
import org.alignment4j.runtime.architecture.DecoderConfig;
import org.alignment4j.runtime.architecture.DecoderGraph;
import org.alignment4j.runtime.architecture.GraphNames;
import org.alignment4j.runtime.architecture.Tap;
import org.alignment4j.runtime.engine.DecoderInstance;
import org.alignment4j.runtime.engine.TokenBatch;
import org.alignment4j.runtime.graph.Dim;
import org.alignment4j.runtime.graph.ElementType;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.graph.Value;
import org.alignment4j.runtime.session.CompiledGraph;
import org.alignment4j.runtime.session.NativeMemory;
import org.alignment4j.runtime.session.OrtRuntime;
import org.alignment4j.runtime.session.Tensor;

/**
 * The graphs of scoring on one batch: the blocks alone up to the normalised stream, and the blocks
 * with the head on some rows, a chunk of them at a time. Every output is written in place.
 */
final class ScoringGraphPair implements AutoCloseable {

  private static final String HIDDEN = "hidden";
  private static final String LOG_PROBS = "log_probs";
  private static final int CHUNK = 128;

  private final DecoderInstance model;
  private final int rows;
  private final CompiledGraph body;
  private final CompiledGraph selected;
  private final CompiledGraph head;
  private final Map<String, Tensor> inputs;
  private final Tensor everyHidden;
  private final FloatBuffer rowHidden;
  private final Tensor rowTensor;
  private final FloatBuffer chunkLogProbs;
  private final Tensor logProbs;

  /** Rows are the columns of the flattened batch that predict what is scored; full chunks. */
  ScoringGraphPair(DecoderInstance model, List<int[]> sequences, long[] columns) {
    if (columns.length % CHUNK != 0) {
      throw new IllegalArgumentException(
          "columns must be a multiple of " + CHUNK + " but were " + columns.length);
    }
    this.model = model;
    this.rows = columns.length;
    OrtRuntime runtime = model.engine().runtime();
    DecoderConfig config = model.engine().architecture().config();
    body = compile("body", false);
    selected = compile("body of rows", true);
    head = compileHead();
    TokenBatch batch = TokenBatch.rightPadded(sequences);
    inputs = new HashMap<>(batch.tensors(runtime));
    inputs.put(GraphNames.ROWS, Tensor.copyOf(runtime, columns, rows));
    long width = config.hiddenSize();
    long all = (long) batch.batch() * batch.seq();
    everyHidden = Tensor.of(runtime, NativeMemory.floats(all * width), all, width);
    rowHidden = NativeMemory.floats(rows * width);
    rowTensor = Tensor.of(runtime, rowHidden, rows, width);
    chunkLogProbs = NativeMemory.floats((long) CHUNK * config.vocabSize());
    logProbs = Tensor.of(runtime, chunkLogProbs, CHUNK, config.vocabSize());
  }

  private CompiledGraph compile(String name, boolean some) {
    Ops ops = new Ops(new Graph(ElementType.FLOAT));
    DecoderGraph decoder = decoder(ops);
    Value residual = decoder.residual();
    Value kept = some ? decoder.selectRows(residual, false) : residual;
    ops.graph().output(HIDDEN, decoder.finalNorm(kept));
    return CompiledGraph.compile(model.engine().runtime(), name, ops.graph().toModel());
  }

  private CompiledGraph compileHead() {
    Ops ops = new Ops(new Graph(ElementType.FLOAT));
    Dim width = Dim.of(model.engine().architecture().config().hiddenSize());
    Value hidden = ops.graph().parameter(HIDDEN, Shape.of(Dim.symbol("rows"), width), false);
    ops.graph().output(LOG_PROBS, ops.logSoftmax(decoder(ops).logits(hidden)));
    return CompiledGraph.compile(model.engine().runtime(), "head", ops.graph().toModel());
  }

  private DecoderGraph decoder(Ops ops) {
    return new DecoderGraph(
        ops, model.engine().architecture(), AttentionKind.MASKED, model.training(), Tap.none());
  }

  /** The normalised stream of every column. */
  void body() {
    body.run(model.feeds(inputs), Map.of(HIDDEN, everyHidden), Set.of()).close();
  }

  /** The log-probabilities of every token after each row. */
  void score() {
    selected.run(model.feeds(inputs), Map.of(HIDDEN, rowTensor), Set.of()).close();
    int width = rowHidden.capacity() / rows;
    for (int from = 0; from < rows; from += CHUNK) {
      FloatBuffer chunk = rowHidden.slice(from * width, CHUNK * width);
      try (Tensor in = Tensor.of(model.engine().runtime(), chunk, CHUNK, width)) {
        head.run(model.feeds(Map.of(HIDDEN, in)), Map.of(LOG_PROBS, logProbs), Set.of()).close();
      }
    }
  }

  /** After {@link #score}, of a token after one of the last rows; -1 is the last of all. */
  float logProb(int row, int token) {
    int vocab = chunkLogProbs.capacity() / CHUNK;
    return chunkLogProbs.get((CHUNK + row) * vocab + token);
  }

  @Override
  public void close() {
    inputs.values().forEach(Tensor::close);
    everyHidden.close();
    rowTensor.close();
    logProbs.close();
    body.close();
    selected.close();
    head.close();
  }
}
