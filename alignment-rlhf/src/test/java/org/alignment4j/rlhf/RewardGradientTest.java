package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.DoubleBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.rlhf.data.PreferenceExample;
import org.alignment4j.rlhf.data.RewardRows;
import org.alignment4j.rlhf.data.RowPlan;
import org.alignment4j.rlhf.loss.BradleyTerryLoss;
import org.alignment4j.runtime.architecture.Architecture;
import org.alignment4j.runtime.architecture.AttentionKind;
import org.alignment4j.runtime.architecture.DecoderGraph;
import org.alignment4j.runtime.architecture.GraphNames;
import org.alignment4j.runtime.architecture.LlamaConfigs;
import org.alignment4j.runtime.architecture.OutputHead.SequenceScores;
import org.alignment4j.runtime.architecture.Parameter;
import org.alignment4j.runtime.architecture.Tap;
import org.alignment4j.runtime.engine.TokenBatch;
import org.alignment4j.runtime.graph.ElementType;
import org.alignment4j.runtime.graph.Gradients;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.RowGradient;
import org.alignment4j.runtime.graph.Value;
import org.alignment4j.runtime.session.CompiledGraph;
import org.alignment4j.runtime.session.DevicePolicy;
import org.alignment4j.runtime.session.OrtRuntime;
import org.alignment4j.runtime.session.RunResult;
import org.alignment4j.runtime.session.Tensor;
import org.alignment4j.runtime.train.MicroBatch;
import org.alignment4j.runtime.train.ObjectiveGraph;
import org.junit.jupiter.api.Test;

/** Gradients of a whole reward model, head included, against central differences in float64. */
class RewardGradientTest {

  private static final Architecture SMALL =
      withHead(LlamaConfigs.create(11, 8, 2, 2, 1, 12, 24, 0, 1));
  private static final int HALF = 2;

  private final OrtRuntime runtime = OrtRuntime.create(DevicePolicy.CPU);
  private final Map<String, double[]> values = new LinkedHashMap<>();
  private final Map<String, long[]> shapes = new HashMap<>();
  private final Map<String, Tensor> fixed = new HashMap<>();

  private static Architecture withHead(Architecture model) {
    return new Architecture(model.config(), model.names(), new SequenceScores(1));
  }

  private static MicroBatch batch() {
    List<PreferenceExample> pairs =
        List.of(
            new PreferenceExample(
                0, TokenIds.of(2, 3, 4), TokenIds.of(5, 6, 1), TokenIds.of(7, 1), 0.8, 0.5),
            new PreferenceExample(
                1, TokenIds.of(8), TokenIds.of(9, 1), TokenIds.of(3, 3, 10, 1), 1, -0.25));
    List<MicroBatch> batches = RewardRows.microBatches(pairs, new RowPlan(16, 1));
    assertThat(batches).hasSize(1);
    return batches.get(0);
  }

  private static double[] doubles(float[] values) {
    double[] d = new double[values.length];
    Arrays.setAll(d, i -> values[i]);
    return d;
  }

  private void fix(MicroBatch batch) {
    TokenBatch tokens = (TokenBatch) batch.tokens();
    int b = tokens.batch();
    int seq = tokens.seq();
    fixed.put(GraphNames.TOKENS, Tensor.copyOf(runtime, tokens.tokens(), b, seq));
    fixed.put(GraphNames.POSITIONS, Tensor.copyOf(runtime, tokens.positions(), b, seq));
    fixed.put(GraphNames.MASK, Tensor.copyOf(runtime, doubles(tokens.mask()), b, 1, seq, seq));
    long[] rows = batch.rows();
    long[] inverse = new long[b * seq];
    Arrays.fill(inverse, rows.length);
    for (int i = 0; i < rows.length; i++) {
      inverse[(int) rows[i]] = i;
    }
    fixed.put(GraphNames.ROWS, Tensor.copyOf(runtime, rows, rows.length));
    fixed.put(GraphNames.ROWS_INVERSE, Tensor.copyOf(runtime, inverse, 1, inverse.length));
    batch
        .inputs()
        .forEach(
            (name, in) -> fixed.put(name, Tensor.copyOf(runtime, doubles(in.data()), in.shape())));
    double[] cos = new double[24 * HALF];
    double[] sin = new double[24 * HALF];
    for (int p = 0; p < 24; p++) {
      for (int i = 0; i < HALF; i++) {
        double angle = p * Math.pow(10_000, -i / (double) HALF);
        cos[p * HALF + i] = Math.cos(angle);
        sin[p * HALF + i] = Math.sin(angle);
      }
    }
    fixed.put(GraphNames.ROPE_COS, Tensor.copyOf(runtime, cos, 24, HALF));
    fixed.put(GraphNames.ROPE_SIN, Tensor.copyOf(runtime, sin, 24, HALF));
  }

  private RunResult run(CompiledGraph graph, Set<String> outputs) {
    Map<String, Tensor> feeds = new HashMap<>(fixed);
    values.forEach((name, v) -> feeds.put(name, Tensor.copyOf(runtime, v, shapes.get(name))));
    try {
      return graph.run(feeds, Map.of(), outputs);
    } finally {
      values.keySet().forEach(name -> feeds.get(name).close());
    }
  }

  private double loss(CompiledGraph graph) {
    try (RunResult result = run(graph, Set.of("loss"))) {
      return result.get("loss").doubles().get(0);
    }
  }

  @Test
  void ofEveryParameter() {
    SplittableRandom random = new SplittableRandom(7);
    for (Parameter p : SMALL.parameters()) {
      shapes.put(p.name(), p.shape());
      values.put(p.name(), random.doubles(p.size(), -0.7, 0.9).toArray());
    }
    assertThat(values).containsKey(SequenceScores.WEIGHT);
    fix(batch());
    Graph graph = new Graph(ElementType.DOUBLE);
    Ops ops = new Ops(graph);
    DecoderGraph decoder =
        new DecoderGraph(
            ops,
            SMALL,
            AttentionKind.MASKED,
            new DecoderGraph.Training(name -> true, Set.of(), false),
            Tap.none());
    Value outputs =
        decoder.outputs(decoder.finalNorm(decoder.selectRows(decoder.residual(), true)));
    ObjectiveGraph objective =
        new RewardObjective(new BradleyTerryLoss(1, 0.1)).build(ops, outputs);
    graph.output("loss", objective.loss());
    Gradients gradients = Gradients.of(graph, objective.loss());
    for (Value input : graph.inputs()) {
      if (input.requiresGrad()) {
        gradients.dense(input).ifPresent(g -> graph.output("d/" + input.name(), g));
      }
    }
    List<RowGradient> rows = gradients.rows();
    for (int i = 0; i < rows.size(); i++) {
      graph.output("ids/" + i, rows.get(i).ids());
      graph.output("rows/" + i, rows.get(i).rows());
    }
    try (CompiledGraph compiled = CompiledGraph.compile(runtime, "reward", graph.toModel())) {
      Map<String, double[]> analytic = analytic(compiled, graph, rows);
      double largest = 0;
      for (String name : values.keySet()) {
        double[] v = values.get(name);
        for (int i = 0; i < v.length; i++) {
          double before = v[i];
          double h = 1e-5;
          v[i] = before + h;
          double up = loss(compiled);
          v[i] = before - h;
          double down = loss(compiled);
          v[i] = before;
          double numeric = (up - down) / (2 * h);
          largest = Math.max(largest, Math.abs(numeric));
          assertThat(analytic.get(name)[i])
              .as("gradient of %s[%s]", name, i)
              .isCloseTo(numeric, within(1e-7 * Math.max(1, Math.abs(numeric))));
        }
      }
      assertThat(largest).isGreaterThan(0.1);
    } finally {
      fixed.values().forEach(Tensor::close);
    }
  }

  private Map<String, double[]> analytic(
      CompiledGraph compiled, Graph graph, List<RowGradient> rows) {
    Map<String, double[]> analytic = new HashMap<>();
    try (RunResult result = run(compiled, compiled.outputNames())) {
      for (String name : values.keySet()) {
        double[] g = new double[values.get(name).length];
        if (graph.hasOutput("d/" + name)) {
          result.get("d/" + name).doubles().get(g);
        }
        analytic.put(name, g);
      }
      for (int i = 0; i < rows.size(); i++) {
        String name = rows.get(i).parameter().name();
        int width = (int) shapes.get(name)[1];
        LongBuffer ids = result.get("ids/" + i).longs();
        DoubleBuffer addends = result.get("rows/" + i).doubles();
        while (ids.hasRemaining()) {
          int at = (int) ids.get() * width;
          for (int k = 0; k < width; k++) {
            analytic.get(name)[at + k] += addends.get();
          }
        }
      }
    }
    return analytic;
  }
}
