package org.alignment4j.runtime.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.alignment4j.runtime.session.CompiledGraph;
import org.alignment4j.runtime.session.DevicePolicy;
import org.alignment4j.runtime.session.OrtRuntime;
import org.alignment4j.runtime.session.RunResult;
import org.alignment4j.runtime.session.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Parts of a graph that the backward pass computes again. */
class SectionsTest {

  private static final int SECTIONS = 3;
  private static final int ROWS = 5;
  private static final int WIDTH = 4;

  @TempDir Path folder;

  /** Residual blocks of two linear maps and a mask, the gradients of their weights as outputs. */
  private record Blocks(Graph graph, int forward, List<int[]> sections, List<Value> ends) {

    static Blocks of(boolean recompute, Dim rows) {
      Graph graph = new Graph(ElementType.FLOAT);
      Ops ops = new Ops(graph);
      Layers layers = new Layers(ops);
      Value x = graph.parameter("x", Shape.of(rows, Dim.of(WIDTH)), false);
      Value mask = graph.parameter("mask", Shape.of(rows, Dim.of(WIDTH)), false);
      List<int[]> sections = new ArrayList<>();
      List<Value> ends = new ArrayList<>(List.of(x));
      for (int i = 0; i < SECTIONS; i++) {
        Value in = graph.parameter("in" + i, Shape.of(WIDTH, WIDTH), true);
        Value out = graph.parameter("out" + i, Shape.of(WIDTH, WIDTH), true);
        int first = graph.nodes().size();
        x =
            graph.section(
                x,
                y -> {
                  Value twice = ops.scale(mask, 2);
                  Value inner = layers.silu(layers.linear(y, in, null, false));
                  Value kept = ops.mul(inner, twice);
                  return ops.add(y, layers.linear(kept, out, null, false));
                });
        sections.add(new int[] {first, graph.nodes().size()});
        ends.add(x);
      }
      Value loss = ops.sumAll(ops.square(ops.tanh(x)));
      graph.output("loss", loss);
      int forward = graph.nodes().size();
      Gradients gradients =
          recompute ? Gradients.recomputing(graph, loss) : Gradients.of(graph, loss);
      for (Value input : graph.inputs()) {
        gradients.dense(input).ifPresent(g -> graph.output("d_" + input.name(), g));
      }
      return new Blocks(graph, forward, sections, ends);
    }

    Map<String, float[]> run() {
      OrtRuntime runtime = OrtRuntime.create(DevicePolicy.CPU);
      Random random = new Random(3);
      Map<String, Tensor> feeds = new LinkedHashMap<>();
      for (Value input : graph.inputs()) {
        int rows = input.name().equals("x") || input.name().equals("mask") ? ROWS : WIDTH;
        float[] values = new float[rows * WIDTH];
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) random.nextGaussian();
        }
        feeds.put(input.name(), Tensor.copyOf(runtime, values, rows, WIDTH));
      }
      Map<String, float[]> results = new LinkedHashMap<>();
      try (CompiledGraph compiled = CompiledGraph.compile(runtime, "blocks", graph.toModel());
          RunResult run = compiled.run(feeds, Map.of(), compiled.outputNames())) {
        for (String name : graph.outputs().keySet()) {
          float[] values = new float[run.get(name).floats().remaining()];
          run.get(name).floats().get(values);
          results.put(name, values);
        }
      }
      feeds.values().forEach(Tensor::close);
      return results;
    }
  }

  private static Dim rows(boolean known) {
    return known ? Dim.of(ROWS) : Dim.symbol("n");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void gradientsAreTheSame(boolean known) {
    Map<String, float[]> kept = Blocks.of(false, rows(known)).run();
    Map<String, float[]> again = Blocks.of(true, rows(known)).run();
    assertThat(again.keySet()).isEqualTo(kept.keySet()).hasSize(1 + 2 * SECTIONS);
    kept.forEach((name, values) -> assertThat(again.get(name)).as(name).isEqualTo(values));
    assertThat(kept.get("d_in0")).doesNotContain(0);
  }

  /** Else the first computation's values would live until the backward pass. */
  @Test
  void theBackwardPassReadsNothingThatTheInputOfASectionReachesWithinIt() {
    Blocks blocks = Blocks.of(true, rows(false));
    Set<String> inside = new HashSet<>();
    for (int[] section : blocks.sections()) {
      Set<String> reached = new HashSet<>();
      blocks.ends().forEach(end -> reached.add(end.name()));
      for (Node node : blocks.graph().nodes().subList(section[0], section[1])) {
        if (node.inputs().stream().anyMatch(reached::contains)) {
          reached.addAll(node.outputs());
          inside.addAll(node.outputs());
        }
      }
    }
    blocks.ends().forEach(end -> inside.remove(end.name()));
    List<Node> nodes = blocks.graph().nodes();
    List<Node> backward = nodes.subList(blocks.forward(), nodes.size());
    assertThat(inside).hasSize(5 * SECTIONS);
    assertThat(backward)
        .allSatisfy(node -> assertThat(node.inputs()).doesNotContainAnyElementsOf(inside));
    Set<String> plain =
        Blocks.of(false, rows(false)).graph().nodes().stream()
            .skip(blocks.forward())
            .flatMap(node -> node.inputs().stream())
            .collect(Collectors.toSet());
    assertThat(plain).containsAnyElementsOf(inside);
  }

  /**
   * What a gradient does not need, such as the last linear map, and masks are not emitted again.
   */
  @Test
  void onlyWhatTheBackwardPassReadsIsComputedAgain() {
    Graph graph = Blocks.of(true, rows(false)).graph();
    assertThat(again(graph)).hasSize(4 * SECTIONS);
  }

  private static List<String> again(Graph graph) {
    return graph.nodes().stream()
        .flatMap(node -> node.outputs().stream())
        .filter(name -> name.endsWith("/again"))
        .toList();
  }

  /**
   * Else ONNX Runtime would leave the gradients of all parameters and the loss for the end, and
   * what they read would stay in memory until then.
   */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aSectionWaitsForTheGradientsOfLaterSectionsAndForTheLoss(boolean recompute) {
    Graph graph = Blocks.of(recompute, rows(false)).graph();
    Map<String, Node> producers = new LinkedHashMap<>();
    graph.nodes().forEach(node -> node.outputs().forEach(o -> producers.put(o, node)));
    for (int i = 0; i < SECTIONS - 1; i++) {
      for (String parameter : List.of("in", "out")) {
        Set<String> reached = new HashSet<>();
        reach(output(graph, "d_" + parameter + i), producers, reached);
        assertThat(reached)
            .contains(
                output(graph, "d_in" + (i + 1)),
                output(graph, "d_out" + (i + 1)),
                output(graph, "loss"));
      }
    }
  }

  private static String output(Graph graph, String name) {
    return Objects.requireNonNull(graph.outputs().get(name)).name();
  }

  private static void reach(String value, Map<String, Node> producers, Set<String> reached) {
    Node producer = producers.get(value);
    if (reached.add(value) && producer != null) {
      producer.inputs().forEach(input -> reach(input, producers, reached));
    }
  }

  /** Common subexpressions are eliminated, but these are none. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theOptimiserKeepsBothComputations(boolean known) throws Exception {
    Graph graph = Blocks.of(true, rows(known)).graph();
    Path file = folder.resolve("optimised.onnx");
    OrtRuntime.create(DevicePolicy.CPU);
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.disablePerSessionThreads();
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.BASIC_OPT);
      options.setOptimizedModelFilePath(file.toString());
      OrtEnvironment.getEnvironment().createSession(graph.toModel().onnx(), options).close();
    }
    String optimised = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    assertThat(again(graph)).allSatisfy(name -> assertThat(optimised).contains(name));
    assertThat(optimised).contains("Size");
  }

  /** Else ONNX Runtime would transform the weights of every section before anything else. */
  @Test
  void weightsThatOnlyTheBackwardPassTransformsWait() {
    Graph graph = new Graph(ElementType.FLOAT);
    Ops ops = new Ops(graph);
    Value x = graph.parameter("x", Shape.of(Dim.symbol("n"), Dim.of(WIDTH)), true);
    for (int i = 0; i < SECTIONS; i++) {
      Value frozen = graph.parameter("frozen" + i, Shape.of(WIDTH, WIDTH), false);
      Value gains = graph.parameter("gains" + i, Shape.of(WIDTH), false);
      x = graph.section(x, y -> ops.add(y, product(ops, ops.tanh(y), frozen, gains)));
    }
    Gradients.recomputing(graph, ops.sumAll(x));
    Set<String> held = new HashSet<>();
    List<Node> transforms = new ArrayList<>();
    for (Node node : graph.nodes()) {
      if (node.opType().equals("Expand") && node.inputs().get(0).startsWith("gains")) {
        held.addAll(node.outputs());
      }
      if (node.opType().equals("Mul") && node.inputs().get(0).startsWith("frozen")) {
        transforms.add(node);
      }
    }
    assertThat(held).hasSize(SECTIONS);
    assertThat(transforms).hasSize(SECTIONS);
    assertThat(transforms).allSatisfy(node -> assertThat(held).contains(node.inputs().get(1)));
  }

  /** {@code x∘gains·Wᵀ}, its gradient by the matrix {@code W∘gains}. */
  private static Value product(Ops ops, Value x, Value w, Value gains) {
    Tape tape = ops.graph().tape();
    Value y =
        tape.dependent(tape.unrecorded(() -> ops.gemm(ops.mul(x, gains), false, w, true, 1)), x);
    tape.record(y, (dy, sink) -> sink.add(x, ops.gemm(dy, false, ops.mul(w, gains), false, 1)));
    return y;
  }

  @Test
  void valuesOfASectionMayBeReadElsewhere() {
    Map<Boolean, float[]> gradients = new LinkedHashMap<>();
    for (boolean recompute : new boolean[] {false, true}) {
      Graph graph = new Graph(ElementType.FLOAT);
      Ops ops = new Ops(graph);
      Value w = graph.parameter("w", Shape.of(WIDTH), true);
      Value[] inner = new Value[1];
      Value end =
          graph.section(
              ops.exp(w),
              y -> {
                inner[0] = ops.tanh(y);
                return ops.mul(inner[0], ops.sigmoid(y));
              });
      Value loss = ops.sumAll(ops.add(ops.square(end), ops.square(inner[0])));
      Gradients g = recompute ? Gradients.recomputing(graph, loss) : Gradients.of(graph, loss);
      graph.output("d", g.dense(w).orElseThrow());
      OrtRuntime runtime = OrtRuntime.create(DevicePolicy.CPU);
      try (Tensor fed = Tensor.copyOf(runtime, new float[] {-1, 0.5f, 0.1f, -3}, WIDTH);
          CompiledGraph compiled = CompiledGraph.compile(runtime, "inner", graph.toModel());
          RunResult run = compiled.run(Map.of("w", fed), Map.of(), Set.of("d"))) {
        float[] d = new float[WIDTH];
        run.get("d").floats().get(d);
        gradients.put(recompute, d);
      }
    }
    assertThat(gradients.get(true)).isEqualTo(gradients.get(false)).doesNotContain(0);
  }

  @Test
  void sectionsDoNotNest() {
    Graph graph = new Graph(ElementType.FLOAT);
    Ops ops = new Ops(graph);
    Value x = graph.parameter("x", Shape.of(2), true);
    assertThatThrownBy(() -> graph.section(x, y -> graph.section(y, ops::exp)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("must not lie within another");
    assertThat(graph.section(x, ops::exp).shape()).isEqualTo(x.shape());
  }
}
