package org.alignment4j.runtime.generate;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignment4j.runtime.architecture.DecoderConfig;
import org.alignment4j.runtime.architecture.GraphNames;
import org.alignment4j.runtime.engine.DecoderInstance;
import org.alignment4j.runtime.session.CompiledGraph;
import org.alignment4j.runtime.session.NativeMemory;
import org.alignment4j.runtime.session.OrtRuntime;
import org.alignment4j.runtime.session.RunResult;
import org.alignment4j.runtime.session.Tensor;

/**
 * Decoding by grouped-query attention. Each block's past and present keys are one buffer {@code
 * [rows, kvHeads, capacity, headDim]} that the kernel extends in place; prompts are padded on the
 * right and every row writes at its own position.
 */
final class GroupedQuerySession implements DecodeSession {

  private record Cache(String past, String present, FloatBuffer data) {}

  private final DecoderInstance model;
  private final CompiledGraph graph;
  private final OrtRuntime runtime;
  private final int capacity;
  private final List<Cache> caches = new ArrayList<>();
  private final int rowSize;
  private Map<String, Tensor> past = Map.of();
  private Map<String, Tensor> present = Map.of();
  private int[] lengths = new int[0];

  GroupedQuerySession(DecoderInstance model, int rows, int capacity) {
    this.model = model;
    this.graph = DecodeGraphs.groupedQuery(model);
    this.runtime = model.engine().runtime();
    this.capacity = capacity;
    DecoderConfig config = model.engine().architecture().config();
    this.rowSize = config.kvHeads() * capacity * config.headDim();
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
    DecoderConfig config = model.engine().architecture().config();
    closeTensors();
    Map<String, Tensor> in = new HashMap<>();
    Map<String, Tensor> out = new HashMap<>();
    for (Cache cache : caches) {
      Tensor tensor =
          Tensor.of(
              runtime,
              cache.data().slice(0, rows * rowSize),
              rows,
              config.kvHeads(),
              capacity,
              config.headDim());
      in.put(cache.past(), tensor);
      out.put(cache.present(), tensor);
    }
    past = in;
    present = out;
  }

  @Override
  public float[] prefill(List<int[]> prompts) {
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
    return run(rows, seq, tokens, positions, last);
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
    return run(rows, 1, tokens, positions, last);
  }

  private float[] run(int rows, int seq, long[] tokens, long[] positions, long[] last) {
    int[] lastKey = new int[rows];
    int longest = 0;
    for (int b = 0; b < rows; b++) {
      lastKey[b] = lengths[b] - 1;
      longest = Math.max(longest, lengths[b]);
    }
    Map<String, Tensor> inputs = new HashMap<>();
    inputs.put(GraphNames.TOKENS, Tensor.copyOf(runtime, tokens, rows, seq));
    inputs.put(GraphNames.POSITIONS, Tensor.copyOf(runtime, positions, rows, seq));
    inputs.put(GraphNames.ROWS, Tensor.copyOf(runtime, last, rows));
    inputs.put(GraphNames.LAST_KEY, Tensor.copyOf(runtime, lastKey, rows));
    inputs.put(GraphNames.TOTAL_LENGTH, Tensor.copyOf(runtime, new int[] {longest}));
    Map<String, Tensor> feeds = model.feeds(inputs);
    feeds.putAll(past);
    try (RunResult result = graph.run(feeds, present, Set.of(DecodeGraphs.LOGITS))) {
      return DecodeGraphs.floats(result);
    } finally {
      inputs.values().forEach(Tensor::close);
    }
  }

  @Override
  public void retain(int[] rows) {
    int[] kept = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      kept[i] = lengths[rows[i]];
      if (rows[i] != i) {
        for (Cache cache : caches) {
          cache.data().put(i * rowSize, cache.data(), rows[i] * rowSize, rowSize);
        }
      }
    }
    lengths = kept;
    bind(rows.length);
  }

  private void closeTensors() {
    past.values().forEach(Tensor::close);
  }

  @Override
  public void close() {
    closeTensors();
    past = Map.of();
    present = Map.of();
  }
}
