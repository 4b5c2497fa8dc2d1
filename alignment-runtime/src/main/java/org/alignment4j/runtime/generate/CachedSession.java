package org.alignment4j.runtime.generate;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignment4j.runtime.architecture.GraphNames;
import org.alignment4j.runtime.engine.Columns;
import org.alignment4j.runtime.engine.DecoderInstance;
import org.alignment4j.runtime.engine.GraphLease;
import org.alignment4j.runtime.engine.Instrumentation;
import org.alignment4j.runtime.engine.RotaryIndices;
import org.alignment4j.runtime.engine.TokenBatch;
import org.alignment4j.runtime.session.NativeMemory;
import org.alignment4j.runtime.session.OrtRuntime;
import org.alignment4j.runtime.session.OwnedTensors;
import org.alignment4j.runtime.session.RunResult;
import org.alignment4j.runtime.session.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Decoding by primitive attention over a cache that grows by a column each step, so that every hook
 * point exists. Prompts are padded on the right; the mask leaves padding out.
 */
final class CachedSession implements DecodeSession {

  private static final long PADDING = -1;

  private final DecoderInstance model;
  private final Instrumentation instrumentation;
  private final GraphLease graph;
  private final OrtRuntime runtime;
  private final Set<String> outputs = new HashSet<>();
  private final Reach reach;
  private RotaryIndices rotary;
  private int[] shifts = new int[0];
  private int[] sequences;
  private int[] promptLengths = new int[0];
  private int[] lengths = new int[0];
  private int[] reused = new int[0];

  /** Position of every cached column of a row, {@code [row][column]}. */
  private long[][] keyPositions = new long[0][];

  private Map<String, Tensor> past = new HashMap<>();
  private @Nullable RunResult held;

  private CachedSession(
      DecoderInstance model,
      Instrumentation instrumentation,
      GraphLease graph,
      int[] sequences,
      Reach reach) {
    this.model = model;
    this.instrumentation = instrumentation;
    this.graph = graph;
    this.runtime = model.engine().runtime();
    this.reach = reach;
    this.rotary = reach.rotary(model.engine(), List.of());
    this.sequences = sequences.clone();
    outputs.add(DecodeGraphs.LOGITS);
    for (int layer = 0; layer < layers(); layer++) {
      outputs.add(GraphNames.presentKey(layer));
      outputs.add(GraphNames.presentValue(layer));
    }
  }

  static CachedSession open(
      DecoderInstance model, Instrumentation instrumentation, int[] sequences, Reach reach) {
    GraphLease graph = DecodeGraphs.cached(model, instrumentation);
    try {
      return new CachedSession(model, instrumentation, graph, sequences, reach);
    } catch (RuntimeException e) {
      graph.close();
      throw e;
    }
  }

  private int layers() {
    return model.engine().architecture().config().layers();
  }

  @Override
  public float[] prefill(List<int[]> prompts) {
    // An edit may tell the rows of equal prompts apart.
    PrefillPlan plan =
        instrumentation.isNone()
            ? PrefillPlan.sharingEqual(prompts)
            : PrefillPlan.separate(prompts.size());
    reused = plan.reused();
    rotary.close();
    rotary = reach.rotary(model.engine(), prompts);
    shifts = rotary.offsets();
    sequences = Arrays.copyOf(sequences, prompts.size());
    if (plan.derived().isEmpty()) {
      return read(prompts);
    }
    int[] source = new int[prompts.size()];
    for (int i = 0; i < plan.fresh().length; i++) {
      source[plan.fresh()[i]] = i;
    }
    plan.derived().forEach(d -> source[d.row()] = source[d.from()]);
    int[] all = sequences;
    sequences = select(all, plan.fresh());
    shifts = select(shifts, plan.fresh());
    float[] computed = read(Arrays.stream(plan.fresh()).mapToObj(prompts::get).toList());
    select(source);
    sequences = all;
    int vocab = computed.length / plan.fresh().length;
    float[] logits = new float[source.length * vocab];
    for (int row = 0; row < source.length; row++) {
      System.arraycopy(computed, source[row] * vocab, logits, row * vocab, vocab);
    }
    return logits;
  }

  private float[] read(List<int[]> prompts) {
    int rows = prompts.size();
    int seq = prompts.stream().mapToInt(p -> p.length).max().orElse(0);
    long[] tokens = new long[rows * seq];
    long[] last = new long[rows];
    lengths = new int[rows];
    keyPositions = new long[rows][seq];
    for (int b = 0; b < rows; b++) {
      int[] prompt = prompts.get(b);
      lengths[b] = prompt.length;
      last[b] = (long) b * seq + prompt.length - 1;
      for (int t = 0; t < seq; t++) {
        boolean real = t < prompt.length;
        tokens[b * seq + t] = real ? prompt[t] : 0;
        keyPositions[b][t] = real ? t : PADDING;
      }
    }
    promptLengths = lengths.clone();
    empty(rows);
    return run(rows, seq, tokens, last);
  }

  private void empty(int rows) {
    var config = model.engine().architecture().config();
    for (int layer = 0; layer < layers(); layer++) {
      for (String name : List.of(GraphNames.pastKey(layer), GraphNames.pastValue(layer))) {
        past.put(
            name,
            Tensor.copyOf(runtime, new float[0], rows, config.kvHeads(), 0, config.headDim()));
      }
    }
  }

  @Override
  public float[] step(int[] next) {
    int rows = next.length;
    long[] tokens = new long[rows];
    long[] last = new long[rows];
    for (int b = 0; b < rows; b++) {
      tokens[b] = next[b];
      last[b] = b;
      int columns = keyPositions[b].length;
      keyPositions[b] = Arrays.copyOf(keyPositions[b], columns + 1);
      keyPositions[b][columns] = lengths[b]++;
    }
    return run(rows, 1, tokens, last);
  }

  private float[] run(int rows, int seq, long[] tokens, long[] last) {
    int keys = keyPositions[0].length;
    NativeMemory.requireFloats(
        (long) rows * seq * keys,
        "the mask of " + rows + " rows of " + seq + " tokens over " + keys + " keys",
        "use fewer or shorter prompts");
    long[] keyColumns = new long[rows * keys];
    long[] columns = new long[rows * seq];
    long[] positions = new long[rows * seq];
    for (int b = 0; b < rows; b++) {
      System.arraycopy(keyPositions[b], 0, keyColumns, b * keys, keys);
      for (int t = 0; t < seq; t++) {
        long position = keyPositions[b][keys - seq + t];
        columns[b * seq + t] = position;
        positions[b * seq + t] = Math.max(0, position);
      }
    }
    Columns run = new Columns(rows, seq, keys, sequences, promptLengths, columns, keyColumns);
    try (OwnedTensors inputs = new OwnedTensors()) {
      inputs.put(GraphNames.TOKENS, Tensor.copyOf(runtime, tokens, rows, seq));
      inputs.put(GraphNames.POSITIONS, Tensor.copyOf(runtime, positions, rows, seq));
      inputs.put(GraphNames.KEY_POSITIONS, Tensor.copyOf(runtime, keyColumns, rows, keys));
      inputs.put(GraphNames.ROWS, Tensor.copyOf(runtime, last, rows));
      inputs.put(
          GraphNames.MASK, Tensor.copyOf(runtime, mask(rows, seq, keys), rows, 1, seq, keys));
      inputs.putAll(rotary.ofRows(positions, shifts, seq));
      Map<String, Tensor> feeds = model.feeds(inputs.asMap());
      feeds.putAll(rotary.tables());
      feeds.putAll(past);
      RunResult result = instrumentation.run(graph.graph(), feeds, run, Map.of(), outputs);
      advance(result);
      return DecodeGraphs.floats(result);
    }
  }

  private float[] mask(int rows, int seq, int keys) {
    float[] mask = new float[rows * seq * keys];
    Arrays.fill(mask, TokenBatch.MASKED);
    for (int b = 0; b < rows; b++) {
      for (int t = 0; t < seq; t++) {
        int self = keys - seq + t;
        int row = (b * seq + t) * keys;
        for (int k = 0; k <= self; k++) {
          if (k == self || (keyPositions[b][self] != PADDING && keyPositions[b][k] != PADDING)) {
            mask[row + k] = 0;
          }
        }
      }
    }
    return mask;
  }

  /** Makes a run's outputs the past of the next. */
  private void advance(RunResult result) {
    releasePast();
    held = result;
    past = new HashMap<>();
    for (int layer = 0; layer < layers(); layer++) {
      past.put(GraphNames.pastKey(layer), result.get(GraphNames.presentKey(layer)));
      past.put(GraphNames.pastValue(layer), result.get(GraphNames.presentValue(layer)));
    }
  }

  private void releasePast() {
    if (held != null) {
      held.close();
      held = null;
    } else {
      past.values().forEach(Tensor::close);
    }
    past = new HashMap<>();
  }

  @Override
  public void select(int[] rows) {
    Map<String, Tensor> kept =
        OwnedTensors.all(
            made -> past.forEach((name, tensor) -> made.put(name, select(tensor, rows))));
    releasePast();
    past = kept;
    sequences = select(sequences, rows);
    promptLengths = select(promptLengths, rows);
    lengths = select(lengths, rows);
    shifts = select(shifts, rows);
    long[][] positions = new long[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      positions[i] = keyPositions[rows[i]];
    }
    keyPositions = positions;
  }

  private static int[] select(int[] values, int[] rows) {
    return Arrays.stream(rows).map(r -> values[r]).toArray();
  }

  private Tensor select(Tensor tensor, int[] rows) {
    long[] shape = tensor.shape();
    FloatBuffer all = tensor.floats();
    int size = all.remaining() / (int) shape[0];
    FloatBuffer kept = NativeMemory.floats((long) rows.length * size);
    for (int i = 0; i < rows.length; i++) {
      kept.put(i * size, all, rows[i] * size, size);
    }
    shape[0] = rows.length;
    return Tensor.of(runtime, kept, shape);
  }

  @Override
  public int[] reused() {
    return reused.clone();
  }

  @Override
  public void close() {
    releasePast();
    rotary.close();
    graph.close();
  }
}
