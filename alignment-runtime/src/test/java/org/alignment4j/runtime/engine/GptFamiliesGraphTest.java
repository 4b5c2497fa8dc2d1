package org.alignment4j.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.alignment4j.runtime.GptFamilies;
import org.alignment4j.runtime.NaiveGptDecoder;
import org.alignment4j.runtime.architecture.Architecture;
import org.alignment4j.runtime.architecture.AttentionKind;
import org.alignment4j.runtime.architecture.DecoderFamilies;
import org.alignment4j.runtime.architecture.DecoderGraph;
import org.alignment4j.runtime.architecture.GraphNames;
import org.alignment4j.runtime.architecture.Tap;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.graph.ElementType;
import org.alignment4j.runtime.graph.Gradients;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.RowGradient;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.graph.Value;
import org.alignment4j.runtime.session.CompiledGraph;
import org.alignment4j.runtime.session.DevicePolicy;
import org.alignment4j.runtime.session.OrtRuntime;
import org.alignment4j.runtime.session.RunResult;
import org.alignment4j.runtime.session.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whole decoders in float64 and float32: the log-probabilities of packed and left-padded rows, and
 * the gradients of every parameter against central differences of {@link NaiveGptDecoder}.
 */
class GptFamiliesGraphTest {

  private static final int ELEMENTS = 4;
  private static final double STEP = 1e-5;

  private final OrtRuntime runtime = OrtRuntime.create(DevicePolicy.CPU);

  static List<String> names() {
    return GptFamilies.names();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("names")
  void logProbabilitiesAndGradientsInFloat64(String name) {
    // The runtime keeps the epsilon of a layer norm in float32.
    check(name, ElementType.DOUBLE, 1e-7, 1e-6);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("names")
  void logProbabilitiesAndGradientsInFloat32(String name) {
    check(name, ElementType.FLOAT, 5e-5, 2e-4);
  }

  private void check(String name, ElementType real, double tolerance, double gradientTolerance) {
    Weights weights = GptFamilies.weights(name);
    NaiveGptDecoder naive = new NaiveGptDecoder(GptFamilies.keys(name), weights);
    Architecture architecture = DecoderFamilies.read(GptFamilies.config(name), null, Set.of());
    int[] first = GptFamilies.tokens(9, 1);
    int[] second = GptFamilies.tokens(7, 2);
    TokenBatch batch = rows(first, second);
    List<int[]> sequences = List.of(first, second, first);
    int[] starts = {0, first.length, 2 * batch.seq() - first.length};
    List<Long> rows = new ArrayList<>();
    List<Long> labels = new ArrayList<>();
    for (int s = 0; s < sequences.size(); s++) {
      for (int t = 1; t < sequences.get(s).length; t++) {
        rows.add((long) starts[s] + t - 1);
        labels.add((long) sequences.get(s)[t]);
      }
    }
    Random random = new Random(3);
    double[] form = random.doubles(rows.size(), -1, 1).toArray();

    Ops ops = new Ops(new Graph(real));
    Graph graph = ops.graph();
    DecoderGraph decoder =
        new DecoderGraph(
            ops,
            architecture,
            AttentionKind.MASKED,
            new DecoderGraph.Training(n -> true, Set.of(), false),
            Tap.none());
    Value outputs =
        decoder.labelLogProbs(decoder.finalNorm(decoder.selectRows(decoder.residual(), true)));
    Value weighting = graph.parameter("form", Shape.of(outputs.dim(0)), false);
    Value loss = ops.sumAll(ops.mul(outputs, weighting));
    graph.output("log_probs", outputs);
    Gradients gradients = Gradients.of(graph, loss);
    for (Value input : graph.inputs()) {
      if (input.requiresGrad()) {
        gradients.dense(input).ifPresent(g -> graph.output("d/" + input.name(), g));
      }
    }
    for (int i = 0; i < gradients.rows().size(); i++) {
      graph.output("ids/" + i, gradients.rows().get(i).ids());
      graph.output("rows/" + i, gradients.rows().get(i).rows());
    }

    Map<String, Tensor> feeds = new HashMap<>();
    naive.weights.forEach(
        (n, values) -> feeds.put(n, tensor(real, values, weights.get(n).shape())));
    for (Map.Entry<String, Tensor> table :
        RotaryTables.of(runtime, architecture.config()).entrySet()) {
      feeds.put(table.getKey(), exactTable(real, table.getKey(), table.getValue().shape()));
    }
    feeds.put(GraphNames.TOKENS, Tensor.copyOf(runtime, batch.tokens(), 2, batch.seq()));
    feeds.put(GraphNames.POSITIONS, Tensor.copyOf(runtime, batch.positions(), 2, batch.seq()));
    feeds.put(
        GraphNames.MASK,
        tensor(real, doubles(batch.mask()), new long[] {2, 1, batch.seq(), batch.seq()}));
    feeds.put(GraphNames.ROWS, longs(rows));
    feeds.put(GraphNames.LABELS, longs(labels));
    feeds.put(GraphNames.ROWS_INVERSE, inverse(rows, 2 * batch.seq()));
    feeds.put("form", tensor(real, form, new long[] {form.length}));

    Map<String, double[]> analytic = new HashMap<>();
    try (CompiledGraph compiled = CompiledGraph.compile(runtime, "families", graph.toModel());
        RunResult run = compiled.run(feeds, Map.of(), compiled.outputNames())) {
      double[] logProbs = read(real, run.get("log_probs"));
      int at = 0;
      for (int[] sequence : sequences) {
        for (double expected : naive.logProbs(sequence)) {
          assertThat(logProbs[at++]).isCloseTo(expected, within(tolerance));
        }
      }
      for (String n : naive.weights.keySet()) {
        analytic.put(
            n,
            graph.hasOutput("d/" + n)
                ? read(real, run.get("d/" + n))
                : new double[Objects.requireNonNull(naive.weights.get(n)).length]);
      }
      for (int i = 0; i < gradients.rows().size(); i++) {
        RowGradient row = gradients.rows().get(i);
        scatter(
            Objects.requireNonNull(analytic.get(row.parameter().name())),
            run.get("ids/" + i).longs(),
            read(real, run.get("rows/" + i)));
      }
    }
    compare(naive, sequences, form, analytic, gradientTolerance);
  }

  private static void compare(
      NaiveGptDecoder naive,
      List<int[]> sequences,
      double[] form,
      Map<String, double[]> analytic,
      double tolerance) {
    Random random = new Random(5);
    for (Map.Entry<String, double[]> entry : naive.weights.entrySet()) {
      double[] values = entry.getValue();
      double[] gradient = Objects.requireNonNull(analytic.get(entry.getKey()));
      for (int e = 0; e < ELEMENTS; e++) {
        int i = random.nextInt(values.length);
        double before = values[i];
        values[i] = before + STEP;
        double up = loss(naive, sequences, form);
        values[i] = before - STEP;
        double down = loss(naive, sequences, form);
        values[i] = before;
        double numeric = (up - down) / (2 * STEP);
        assertThat(gradient[i])
            .as("gradient of %s[%d]", entry.getKey(), i)
            .isCloseTo(numeric, within(tolerance * Math.max(1, Math.abs(numeric))));
      }
    }
  }

  private static double loss(NaiveGptDecoder naive, List<int[]> sequences, double[] form) {
    double sum = 0;
    int at = 0;
    for (int[] sequence : sequences) {
      for (double logProb : naive.logProbs(sequence)) {
        sum += form[at++] * logProb;
      }
    }
    return sum;
  }

  /** A row of two packed sequences, and a row whose padding stands on the left. */
  private static TokenBatch rows(int[] first, int[] second) {
    int seq = first.length + second.length + 2;
    TokenBatch packed =
        TokenBatch.of(List.of(new Segments().add(first).add(second), new Segments()), seq);
    long[] tokens = packed.tokens().clone();
    long[] positions = packed.positions().clone();
    float[] mask = packed.mask().clone();
    int pad = seq - first.length;
    for (int t = 0; t < first.length; t++) {
      tokens[seq + pad + t] = first[t];
      positions[seq + pad + t] = t;
      Arrays.fill(mask, (seq + pad + t) * seq + pad, (seq + pad + t) * seq + pad + t + 1, 0);
    }
    return new TokenBatch(2, seq, tokens, positions, mask);
  }

  private Tensor exactTable(ElementType real, String name, long[] shape) {
    int half = (int) shape[1];
    double[] values = new double[(int) shape[0] * half];
    for (int p = 0; p < shape[0]; p++) {
      for (int i = 0; i < half; i++) {
        double angle = p * Math.pow(10_000, -(double) i / half);
        values[p * half + i] = name.equals(GraphNames.ROPE_COS) ? Math.cos(angle) : Math.sin(angle);
      }
    }
    return tensor(real, values, shape);
  }

  private Tensor longs(List<Long> values) {
    return Tensor.copyOf(
        runtime, values.stream().mapToLong(x -> x).toArray(), new long[] {values.size()});
  }

  private Tensor inverse(List<Long> rows, int flat) {
    long[] inverse = new long[flat];
    Arrays.fill(inverse, rows.size());
    for (int i = 0; i < rows.size(); i++) {
      inverse[Math.toIntExact(rows.get(i))] = i;
    }
    return Tensor.copyOf(runtime, inverse, 1, flat);
  }

  private Tensor tensor(ElementType real, double[] values, long[] shape) {
    if (real == ElementType.DOUBLE) {
      return Tensor.copyOf(runtime, values, shape);
    }
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return Tensor.copyOf(runtime, floats, shape);
  }

  private static double[] read(ElementType real, Tensor tensor) {
    if (real == ElementType.DOUBLE) {
      DoubleBuffer buffer = tensor.doubles();
      double[] out = new double[buffer.remaining()];
      buffer.get(out);
      return out;
    }
    FloatBuffer buffer = tensor.floats();
    float[] out = new float[buffer.remaining()];
    buffer.get(out);
    return doubles(out);
  }

  private static double[] doubles(float[] values) {
    double[] out = new double[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = values[i];
    }
    return out;
  }

  private static void scatter(double[] gradient, LongBuffer ids, double[] rows) {
    int width = rows.length / ids.remaining();
    for (int r = 0; ids.hasRemaining(); r++) {
      int id = Math.toIntExact(ids.get());
      for (int k = 0; k < width; k++) {
        gradient[id * width + k] += rows[r * width + k];
      }
    }
  }
}
