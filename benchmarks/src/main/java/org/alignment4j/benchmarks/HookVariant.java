package org.alignment4j.benchmarks;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.alignment4j.runtime.architecture.AttentionKind;
import org.alignment4j.runtime.architecture.DecoderGraph;
import org.alignment4j.runtime.architecture.Tap;
import org.alignment4j.runtime.engine.Columns;
import org.alignment4j.runtime.engine.DecoderInstance;
import org.alignment4j.runtime.engine.Instrumentation;
import org.alignment4j.runtime.engine.TokenBatch;
import org.alignment4j.runtime.graph.ElementType;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.alignment4j.runtime.session.CompiledGraph;
import org.alignment4j.runtime.session.NativeMemory;
import org.alignment4j.runtime.session.RunResult;
import org.alignment4j.runtime.session.Tensor;

/**
 * A forward pass on primitive attention, compiled once, with edits or with hook points among its
 * outputs. Logits of every position and every requested hook point are written in place.
 */
final class HookVariant implements AutoCloseable {

  private static final String LOGITS = "logits";

  private final DecoderInstance model;
  private final Instrumentation edits;
  private final Columns columns;
  private final CompiledGraph graph;
  private final Map<String, Tensor> inputs;
  private final Map<String, Tensor> outputs = new HashMap<>();

  /**
   * Compiles.
   *
   * @param edits of which every run is fed masks and values; none where hook points are declared
   * @param declared hook points that are outputs of the graph
   * @param requested whether a run asks for them
   */
  HookVariant(
      DecoderInstance model,
      Instrumentation edits,
      Set<String> declared,
      boolean requested,
      int[] tokens) {
    this.model = model;
    this.edits = edits;
    TokenBatch batch = TokenBatch.rightPadded(List.of(tokens));
    long[] positions = IntStream.range(0, tokens.length).asLongStream().toArray();
    int length = tokens.length;
    columns = new Columns(1, length, length, new int[1], new int[] {length}, positions, positions);
    graph = compile(declared);
    inputs = batch.tensors(model.engine());
    Set<String> wanted = new HashSet<>(requested ? declared : Set.of());
    wanted.add(LOGITS);
    allocate(wanted);
  }

  private CompiledGraph compile(Set<String> declared) {
    Ops ops = new Ops(new Graph(ElementType.FLOAT));
    Tap tap = declared.isEmpty() ? edits.tap(ops) : reading(ops.graph(), declared);
    DecoderGraph decoder =
        new DecoderGraph(
            ops, model.engine().architecture(), AttentionKind.MASKED, model.training(), tap);
    ops.graph().output(LOGITS, decoder.allLogits(decoder.finalNorm(decoder.residual())));
    return CompiledGraph.compile(model.engine().runtime(), "hooks", ops.graph().toModel());
  }

  private static Tap reading(Graph graph, Set<String> hooks) {
    return new Tap() {
      @Override
      public boolean wants(String hook) {
        return hooks.contains(hook);
      }

      @Override
      public boolean edits(String hook) {
        return false;
      }

      @Override
      public Value at(String hook, Value value) {
        graph.output(hook, value);
        return value;
      }
    };
  }

  /** Takes the shapes of the outputs from a first run. */
  private void allocate(Set<String> wanted) {
    try (RunResult first = edits.run(graph, model.feeds(inputs), columns, Map.of(), wanted)) {
      for (String output : wanted) {
        long[] shape = first.get(output).shape();
        long size = 1;
        for (long d : shape) {
          size *= d;
        }
        outputs.put(output, Tensor.of(model.engine().runtime(), NativeMemory.floats(size), shape));
      }
    }
  }

  void run() {
    edits.run(graph, model.feeds(inputs), columns, outputs, Set.of()).close();
  }

  /** How many outputs a run writes, logits included. */
  int outputs() {
    return outputs.size();
  }

  @Override
  public void close() {
    inputs.values().forEach(Tensor::close);
    outputs.values().forEach(Tensor::close);
    graph.close();
  }
}
