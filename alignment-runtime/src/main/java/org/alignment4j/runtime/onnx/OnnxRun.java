package org.alignment4j.runtime.onnx;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.runtime.session.ForeignTensors;
import org.alignment4j.runtime.session.NativeMemory;
import org.alignment4j.runtime.session.OnnxSession;
import org.alignment4j.runtime.session.OrtRuntime;
import org.alignment4j.runtime.session.OwnedTensors;
import org.alignment4j.runtime.session.Port;
import org.alignment4j.runtime.session.RunResult;
import org.alignment4j.runtime.session.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Rows under way through a decoder: every read continues the columns of those before, by the cache
 * or, where the decoder has none, by reading all columns again. Used by one thread.
 */
final class OnnxRun implements AutoCloseable {

  private final OnnxDecoder decoder;
  private final OnnxSession session;
  private final DecoderPorts ports;
  private final OrtRuntime runtime;
  private long[][] marks;
  private long[][] tokens;
  private Map<String, Tensor> past = new HashMap<>();
  private @Nullable RunResult held;

  OnnxRun(OnnxDecoder decoder, int rows) {
    this.decoder = decoder;
    this.session = decoder.session();
    this.ports = decoder.ports();
    this.runtime = session.runtime();
    this.marks = new long[rows][0];
    this.tokens = new long[rows][0];
  }

  /**
   * Reads columns.
   *
   * @param next tokens {@code [rows][seq]}
   * @param real 1 for tokens and 0 for padding, {@code [rows][seq]}
   * @return logits {@code [rows, seq, vocab]} from position 0
   * @throws ModelExecutionException when the model fails or gives logits of another shape
   */
  FloatBuffer read(long[][] next, long[][] real) {
    int rows = next.length;
    int seq = next[0].length;
    for (int b = 0; b < rows; b++) {
      marks[b] = concat(marks[b], real[b]);
      tokens[b] = decoder.cached() ? next[b] : concat(tokens[b], next[b]);
    }
    int columns = tokens[0].length;
    requireAddressable(rows, columns);
    Map<String, Tensor> inputs = new HashMap<>();
    try {
      inputs(inputs, columns);
      Map<String, Tensor> feeds = new HashMap<>(inputs);
      feeds.putAll(past);
      Set<String> fetched = new LinkedHashSet<>(Set.of(OnnxNames.LOGITS));
      ports.cache().forEach(c -> fetched.add(c.present()));
      RunResult result = session.run(feeds, fetched);
      FloatBuffer logits = logits(result, rows, columns);
      advance(result);
      return columns == seq ? logits : lastColumns(logits, rows, columns, seq);
    } finally {
      inputs.values().forEach(Tensor::close);
    }
  }

  /** Only a model without cache, which reads everything at once, can ask for too much. */
  private void requireAddressable(int rows, int columns) {
    NativeMemory.requireFloats(
        (long) rows * columns * decoder.config().vocabSize(),
        "the logits of " + rows + " rows of " + columns + " tokens",
        "use fewer or shorter prompts, or export " + session.file() + " with its past");
  }

  private static long[] concat(long[] a, long[] b) {
    long[] all = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, all, a.length, b.length);
    return all;
  }

  private void inputs(Map<String, Tensor> inputs, int columns) {
    int rows = marks.length;
    int keys = marks[0].length;
    put(inputs, ports.ids(), tokens, columns);
    put(inputs, ports.mask(), marks, keys);
    if (ports.positions() != null) {
      put(inputs, ports.positions(), positions(columns), columns);
    }
    if (ports.types() != null) {
      put(inputs, ports.types(), new long[rows][columns], columns);
    }
    if (ports.branching()) {
      boolean later = !past.isEmpty();
      inputs.put(OnnxNames.USE_CACHE_BRANCH, ForeignTensors.flag(runtime, later));
    }
    if (past.isEmpty()) {
      int heads = decoder.config().kvHeads();
      int headDim = decoder.config().headDim();
      for (DecoderPorts.Cached c : ports.cache()) {
        inputs.put(
            c.past().name(),
            ForeignTensors.zeros(runtime, c.past().element(), rows, heads, 0, headDim));
      }
    }
  }

  private void put(Map<String, Tensor> inputs, Port port, long[][] rows, int columns) {
    long[] flat = Arrays.stream(rows).flatMapToLong(Arrays::stream).toArray();
    inputs.put(
        port.name(), ForeignTensors.integers(runtime, port.element(), flat, rows.length, columns));
  }

  /** How many tokens come before each of the last columns; 0 for padding. */
  private long[][] positions(int columns) {
    long[][] positions = new long[marks.length][columns];
    for (int b = 0; b < marks.length; b++) {
      int first = marks[b].length - columns;
      long count = 0;
      for (int k = 0; k < marks[b].length; k++) {
        if (k >= first && marks[b][k] != 0) {
          positions[b][k - first] = count;
        }
        count += marks[b][k];
      }
    }
    return positions;
  }

  private FloatBuffer logits(RunResult result, int rows, int columns) {
    try {
      long[] expected = {rows, columns, decoder.config().vocabSize()};
      Tensor logits = result.get(OnnxNames.LOGITS);
      if (!Arrays.equals(logits.shape(), expected)) {
        throw new ModelExecutionException(
            "output 'logits' of "
                + session.file()
                + " must have the shape "
                + Arrays.toString(expected)
                + " but has "
                + Arrays.toString(logits.shape()));
      }
      return logits.floats();
    } catch (RuntimeException e) {
      result.close();
      throw e;
    }
  }

  private FloatBuffer lastColumns(FloatBuffer all, int rows, int columns, int seq) {
    int vocab = decoder.config().vocabSize();
    FloatBuffer last = FloatBuffer.allocate(rows * seq * vocab);
    for (int b = 0; b < rows; b++) {
      int from = (b * columns + columns - seq) * vocab;
      last.put(b * seq * vocab, all, from, seq * vocab);
    }
    return last;
  }

  /** Makes a run's outputs the past of the next. */
  private void advance(RunResult result) {
    release();
    held = result;
    for (DecoderPorts.Cached c : ports.cache()) {
      past.put(c.past().name(), result.get(c.present()));
    }
  }

  /** Makes the old row {@code rows[i]} the new row {@code i}. */
  void select(int[] rows) {
    Map<String, Tensor> kept =
        OwnedTensors.all(
            made ->
                past.forEach(
                    (name, tensor) -> made.put(name, ForeignTensors.rows(runtime, tensor, rows))));
    release();
    past = kept;
    marks = Arrays.stream(rows).mapToObj(r -> marks[r].clone()).toArray(long[][]::new);
    tokens = Arrays.stream(rows).mapToObj(r -> tokens[r].clone()).toArray(long[][]::new);
  }

  private void release() {
    if (held != null) {
      held.close();
      held = null;
    } else {
      past.values().forEach(Tensor::close);
    }
    past = new HashMap<>();
  }

  @Override
  public void close() {
    release();
  }
}
