package org.alignment4j.runtime.generate;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignment4j.runtime.architecture.DecoderConfig;
import org.alignment4j.runtime.architecture.GraphNames;
import org.alignment4j.runtime.engine.DecoderInstance;
import org.alignment4j.runtime.engine.RotaryIndices;
import org.alignment4j.runtime.session.CompiledGraph;
import org.alignment4j.runtime.session.NativeMemory;
import org.alignment4j.runtime.session.OrtRuntime;
import org.alignment4j.runtime.session.OwnedTensors;
import org.alignment4j.runtime.session.RunResult;
import org.alignment4j.runtime.session.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Decoding by grouped-query attention. Each block's past and present keys are one buffer {@code
 * [rows, kvHeads, capacity, headDim]} that the kernel extends in place; prompts are padded on the
 * right and every row writes at its own position. What prompts begin with alike is computed once
 * and copied.
 */
final class GroupedQuerySession implements DecodeSession {

  /** Keys or values of one block; the spare takes rows that change places. */
  private static final class Cache {
    private final String past;
    private final String present;
    private FloatBuffer data;
    private @Nullable FloatBuffer spare;

    Cache(String past, String present, FloatBuffer data) {
      this.past = past;
      this.present = present;
      this.data = data;
    }

    FloatBuffer spare() {
      if (spare == null) {
        spare = NativeMemory.floats(data.capacity());
      }
      return spare;
    }

    void swap() {
      FloatBuffer old = data;
      data = spare();
      spare = old;
    }
  }

  private final DecoderInstance model;
  private final CompiledGraph graph;
  private final OrtRuntime runtime;
  private final Reach reach;
  private final int capacity;
  private final List<Cache> caches = new ArrayList<>();
  private final int kvHeads;
  private final int headDim;
  private final int rowSize;
  private Map<String, Tensor> past = Map.of();
  private Map<String, Tensor> present = Map.of();
  private RotaryIndices rotary;
  private int[] shifts = new int[0];
  private int[] lengths = new int[0];
  private int[] reused = new int[0];

  GroupedQuerySession(DecoderInstance model, int rows, Reach reach) {
    this.model = model;
    this.graph = DecodeGraphs.groupedQuery(model);
    this.runtime = model.engine().runtime();
    this.reach = reach;
    this.capacity = reach.capacity();
    this.rotary = reach.rotary(model.engine(), List.of());
    DecoderConfig config = model.engine().architecture().config();
    this.kvHeads = config.kvHeads();
    this.headDim = config.headDim();
    this.rowSize = kvHeads * capacity * headDim;
    for (int layer = 0; layer < config.layers(); layer++) {
      caches.add(
          new Cache(
              GraphNames.pastKey(layer),
              GraphNames.presentKey(layer),
              NativeMemory.floats((long) rows * rowSize)));
      caches.add(
          new Cache(
              GraphNames.pastValue(layer),
              GraphNames.presentValue(layer),
              NativeMemory.floats((long) rows * rowSize)));
    }
    bind(rows);
  }

  private void bind(int rows) {
    bind(0, rows);
  }

  /** Makes the rows from {@code first} on those that a run reads and extends. */
  private void bind(int first, int rows) {
    closeTensors();
    Map<String, Tensor> out = new HashMap<>();
    past =
        OwnedTensors.all(
            in -> {
              for (Cache cache : caches) {
                FloatBuffer data = cache.data.slice(first * rowSize, rows * rowSize);
                Tensor tensor = Tensor.of(runtime, data, rows, kvHeads, capacity, headDim);
                in.put(cache.past, tensor);
                out.put(cache.present, tensor);
              }
            });
    present = out;
  }

  @Override
  public float[] prefill(List<int[]> prompts) {
    rotary.close();
    rotary = reach.rotary(model.engine(), prompts);
    shifts = rotary.offsets();
    PrefillPlan plan = PrefillPlan.sharing(prompts, shifts);
    reused = plan.reused();
    int rows = prompts.size();
    int[] fresh = plan.fresh();
    bind(fresh.length);
    float[] computed =
        readFresh(
            Arrays.stream(fresh).mapToObj(prompts::get).toList(),
            Arrays.stream(fresh).map(row -> shifts[row]).toArray());
    int vocab = computed.length / fresh.length;
    float[] logits = spread(fresh, rows, computed, vocab);
    lengths = prompts.stream().mapToInt(p -> p.length).toArray();
    for (PrefillPlan.Derived derived : plan.derived()) {
      int row = derived.row();
      caches.forEach(cache -> copy(cache.data, derived.from(), cache.data, row, derived.shared()));
      if (derived.shared() == lengths[row]) {
        System.arraycopy(logits, derived.from() * vocab, logits, row * vocab, vocab);
      } else {
        bind(row, 1);
        float[] own = readRest(prompts.get(row), derived.shared(), shifts[row]);
        System.arraycopy(own, 0, logits, row * vocab, vocab);
      }
    }
    bind(rows);
    return logits;
  }

  /** Moves what the first rows have computed to the rows they stand for, last to first. */
  private float[] spread(int[] fresh, int rows, float[] computed, int vocab) {
    if (fresh.length == rows) {
      return computed;
    }
    float[] logits = new float[rows * vocab];
    for (int i = fresh.length - 1; i >= 0; i--) {
      System.arraycopy(computed, i * vocab, logits, fresh[i] * vocab, vocab);
      for (Cache cache : caches) {
        copy(cache.data, i, cache.data, fresh[i], lengths[i]);
      }
    }
    return logits;
  }

  /** Copies the first tokens of a row. */
  private void copy(FloatBuffer source, int from, FloatBuffer target, int to, int tokens) {
    if (source == target && from == to) {
      return;
    }
    for (int head = 0; head < kvHeads; head++) {
      int offset = head * capacity * headDim;
      target.put(to * rowSize + offset, source, from * rowSize + offset, tokens * headDim);
    }
  }

  private float[] readFresh(List<int[]> prompts, int[] offsets) {
    int rows = prompts.size();
    int seq = prompts.stream().mapToInt(p -> p.length).max().orElse(0);
    long[] tokens = new long[rows * seq];
    long[] positions = new long[rows * seq];
    long[] last = new long[rows];
    lengths = new int[rows];
    for (int b = 0; b < rows; b++) {
      int[] prompt = prompts.get(b);
      lengths[b] = prompt.length;
      last[b] = (long) b * seq + prompt.length - 1;
      for (int t = 0; t < prompt.length; t++) {
        tokens[b * seq + t] = prompt[t];
        positions[b * seq + t] = t;
      }
    }
    return run(offsets, seq, tokens, positions, last, lengths);
  }

  /** Reads a prompt from a token on, in the row that is bound. */
  private float[] readRest(int[] prompt, int from, int offset) {
    int seq = prompt.length - from;
    long[] tokens = new long[seq];
    long[] positions = new long[seq];
    for (int t = 0; t < seq; t++) {
      tokens[t] = prompt[from + t];
      positions[t] = from + t;
    }
    int[] offsets = {offset};
    return run(offsets, seq, tokens, positions, new long[] {seq - 1}, new int[] {prompt.length});
  }

  @Override
  public float[] step(int[] next) {
    int rows = next.length;
    long[] tokens = new long[rows];
    long[] positions = new long[rows];
    long[] last = new long[rows];
    for (int b = 0; b < rows; b++) {
      tokens[b] = next[b];
      positions[b] = lengths[b]++;
      last[b] = b;
    }
    return run(shifts, 1, tokens, positions, last, lengths);
  }

  /** Runs as many rows as there are offsets. */
  private float[] run(
      int[] offsets, int seq, long[] tokens, long[] positions, long[] last, int[] total) {
    int rows = offsets.length;
    int[] lastKey = new int[rows];
    int longest = 0;
    for (int b = 0; b < rows; b++) {
      lastKey[b] = total[b] - 1;
      longest = Math.max(longest, total[b]);
    }
    if (longest > capacity) {
      // The kernel does not look: it would write behind the buffer.
      throw new IllegalStateException(
          "rows must have at most " + capacity + " tokens but one has " + longest);
    }
    try (OwnedTensors inputs = new OwnedTensors()) {
      inputs.put(GraphNames.TOKENS, Tensor.copyOf(runtime, tokens, rows, seq));
      inputs.put(GraphNames.POSITIONS, Tensor.copyOf(runtime, positions, rows, seq));
      inputs.put(GraphNames.ROWS, Tensor.copyOf(runtime, last, rows));
      inputs.put(GraphNames.LAST_KEY, Tensor.copyOf(runtime, lastKey, rows));
      inputs.put(GraphNames.TOTAL_LENGTH, Tensor.copyOf(runtime, new int[] {longest}));
      inputs.putAll(rotary.ofRows(positions, offsets, seq));
      Map<String, Tensor> feeds = model.feeds(inputs.asMap());
      feeds.putAll(rotary.tables());
      feeds.putAll(past);
      try (RunResult result = graph.run(feeds, present, Set.of(DecodeGraphs.LOGITS))) {
        return DecodeGraphs.floats(result);
      }
    }
  }

  @Override
  public int[] reused() {
    return reused.clone();
  }

  @Override
  public void select(int[] rows) {
    int[] kept = Arrays.stream(rows).map(row -> lengths[row]).toArray();
    for (Cache cache : caches) {
      if (closesGaps(rows)) {
        for (int i = 0; i < rows.length; i++) {
          copy(cache.data, rows[i], cache.data, i, kept[i]);
        }
      } else {
        for (int i = 0; i < rows.length; i++) {
          copy(cache.data, rows[i], cache.spare(), i, kept[i]);
        }
        cache.swap();
      }
    }
    lengths = kept;
    shifts = Arrays.stream(rows).map(row -> shifts[row]).toArray();
    bind(rows.length);
  }

  /**
   * Whether rows can be copied in place, first to last: no row is overwritten before it is read.
   */
  private static boolean closesGaps(int[] rows) {
    boolean[] written = new boolean[rows.length];
    for (int i = 0; i < rows.length; i++) {
      if (rows[i] < rows.length && rows[i] != i && written[rows[i]]) {
        return false;
      }
      written[i] = rows[i] != i;
    }
    return true;
  }

  private void closeTensors() {
    past.values().forEach(Tensor::close);
    past = Map.of();
    present = Map.of();
  }

  @Override
  public void close() {
    closeTensors();
    rotary.close();
  }
}
