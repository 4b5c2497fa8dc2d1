package org.alignment4j.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.DoubleBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.alignment4j.runtime.architecture.Architecture;
import org.alignment4j.runtime.architecture.AttentionKind;
import org.alignment4j.runtime.architecture.DecoderConfig.RotaryPositions;
import org.alignment4j.runtime.architecture.DecoderFamilies;
import org.alignment4j.runtime.architecture.DecoderGraph;
import org.alignment4j.runtime.architecture.GraphNames;
import org.alignment4j.runtime.architecture.Parameter;
import org.alignment4j.runtime.architecture.Tap;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.Weights;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Loss and gradient of whole models in float64 against central differences of {@link
 * NaiveRotaryDecoder}.
 */
class RotaryFamilyGradientsTest {

  /** Products of matrices take their scale in float32, also between float64 matrices. */
  private static final double TOLERANCE = 2e-6;

  private static final List<int[]> SEQUENCES =
      List.of(new int[] {3, 5, 4, 6, 2, 5, 3, 1}, new int[] {6, 2, 4});

  private final OrtRuntime runtime = OrtRuntime.create(DevicePolicy.CPU);

  private static double loss(NaiveRotaryDecoder decoder) {
    double sum = 0;
    for (int[] s : SEQUENCES) {
      sum -= Arrays.stream(decoder.logProbs(s)).sum();
    }
    return sum;
  }

  private Map<String, Tensor> feeds(Architecture architecture, NaiveRotaryDecoder decoder) {
    Map<String, Tensor> feeds = new HashMap<>();
    for (Parameter p : architecture.parameters()) {
      double[] values = Objects.requireNonNull(decoder.weights().get(p.name()));
      feeds.put(p.name(), Tensor.copyOf(runtime, values, p.shape()));
    }
    TokenBatch batch = TokenBatch.rightPadded(SEQUENCES);
    int seq = batch.seq();
    long[] rows = new long[9];
    long[] labels = new long[9];
    long[] inverse = new long[2 * seq];
    Arrays.fill(inverse, rows.length);
    int n = 0;
    for (int b = 0; b < SEQUENCES.size(); b++) {
      for (int t = 1; t < SEQUENCES.get(b).length; t++) {
        rows[n] = (long) b * seq + t - 1;
        inverse[b * seq + t - 1] = n;
        labels[n++] = SEQUENCES.get(b)[t];
      }
    }
    double[] mask =
        IntStream.range(0, batch.mask().length).mapToDouble(i -> batch.mask()[i]).toArray();
    feeds.put(GraphNames.TOKENS, Tensor.copyOf(runtime, batch.tokens(), 2, seq));
    feeds.put(GraphNames.POSITIONS, Tensor.copyOf(runtime, batch.positions(), 2, seq));
    feeds.put(GraphNames.MASK, Tensor.copyOf(runtime, mask, 2, 1, seq, seq));
    feeds.put(GraphNames.ROWS, Tensor.copyOf(runtime, rows, n));
    feeds.put(GraphNames.LABELS, Tensor.copyOf(runtime, labels, n));
    feeds.put(GraphNames.ROWS_INVERSE, Tensor.copyOf(runtime, inverse, 1, 2L * seq));
    // Every sequence is within the trained length, whose tables begin with position 0.
    feeds.put(GraphNames.ROPE_INDICES, Tensor.copyOf(runtime, batch.positions(), 2, seq));
    RotaryPositions rotary = (RotaryPositions) architecture.config().positions();
    double[] frequencies = rotary.frequencies();
    int half = frequencies.length;
    double[] cos = new double[seq * half];
    double[] sin = new double[seq * half];
    for (int i = 0; i < cos.length; i++) {
      int position = i / half;
      double angle = position * frequencies[i % half];
      cos[i] = rotary.scaling().magnitude() * Math.cos(angle);
      sin[i] = rotary.scaling().magnitude() * Math.sin(angle);
    }
    feeds.put(GraphNames.ROPE_COS, Tensor.copyOf(runtime, cos, seq, half));
    feeds.put(GraphNames.ROPE_SIN, Tensor.copyOf(runtime, sin, seq, half));
    return feeds;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("org.alignment4j.runtime.RotaryFamilies#configurations")
  void ofEveryParameter(String name, Map<String, Object> large) {
    Map<String, Object> keys = RotaryFamilies.tiny(large);
    ConfigJson config = RandomModels.config(keys);
    Architecture architecture = DecoderFamilies.read(config, null, Set.of());
    Weights weights = RotaryFamilies.weights(config, 0.4);
    NaiveRotaryDecoder naive = new NaiveRotaryDecoder(keys, weights);
    Ops ops = new Ops(new Graph(ElementType.DOUBLE));
    Graph graph = ops.graph();
    DecoderGraph decoder =
        new DecoderGraph(
            ops,
            architecture,
            AttentionKind.MASKED,
            new DecoderGraph.Training(p -> true, Set.of(), false),
            Tap.none());
    Value loss =
        ops.neg(
            ops.sumAll(
                decoder.labelLogProbs(
                    decoder.finalNorm(decoder.selectRows(decoder.residual(), true)))));
    graph.output("loss", loss);
    Gradients gradients = Gradients.of(graph, loss);
    for (Value input : graph.inputs()) {
      gradients.dense(input).ifPresent(g -> graph.output("d/" + input.name(), g));
    }
    List<RowGradient> rows = gradients.rows();
    for (int i = 0; i < rows.size(); i++) {
      graph.output("ids/" + i, rows.get(i).ids());
      graph.output("rows/" + i, rows.get(i).rows());
    }
    Map<String, double[]> found = new LinkedHashMap<>();
    Map<String, Tensor> feeds = feeds(architecture, naive);
    try (CompiledGraph compiled = CompiledGraph.compile(runtime, name, graph.toModel());
        RunResult run = compiled.run(feeds, Map.of(), compiled.outputNames())) {
      assertThat(run.get("loss").doubles().get(0)).isCloseTo(loss(naive), within(TOLERANCE));
      naive
          .weights()
          .forEach(
              (parameter, values) -> {
                double[] g = new double[values.length];
                if (graph.hasOutput("d/" + parameter)) {
                  run.get("d/" + parameter).doubles().get(g);
                }
                found.put(parameter, g);
              });
      for (int i = 0; i < rows.size(); i++) {
        double[] g = Objects.requireNonNull(found.get(rows.get(i).parameter().name()));
        int width = (int) rows.get(i).parameter().shape().size(1);
        LongBuffer ids = run.get("ids/" + i).longs();
        DoubleBuffer values = run.get("rows/" + i).doubles();
        while (ids.hasRemaining()) {
          int id = (int) ids.get();
          for (int k = 0; k < width; k++) {
            g[id * width + k] += values.get();
          }
        }
      }
    } finally {
      feeds.values().forEach(Tensor::close);
    }
    naive
        .weights()
        .forEach(
            (parameter, values) -> {
              double[] analytic = Objects.requireNonNull(found.get(parameter));
              for (int i = 0; i < values.length; i++) {
                double before = values[i];
                values[i] = before + 1e-5;
                double up = loss(naive);
                values[i] = before - 1e-5;
                double down = loss(naive);
                values[i] = before;
                double numeric = (up - down) / 2e-5;
                assertThat(analytic[i])
                    .as("%s[%d]", parameter, i)
                    .isCloseTo(numeric, within(TOLERANCE * Math.max(1, Math.abs(numeric))));
              }
            });
  }
}
