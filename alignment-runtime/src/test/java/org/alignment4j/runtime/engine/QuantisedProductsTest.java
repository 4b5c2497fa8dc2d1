package org.alignment4j.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.alignment4j.runtime.checkpoint.BlockFormat;
import org.alignment4j.runtime.checkpoint.BlockFormat.Activations;
import org.alignment4j.runtime.checkpoint.BlockQuantiser;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.graph.Dim;
import org.alignment4j.runtime.graph.ElementType;
import org.alignment4j.runtime.graph.Gradients;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.Layers;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.QuantisedMatrix;
import org.alignment4j.runtime.graph.QuantisedMatrix.Kernel;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.graph.Value;
import org.alignment4j.runtime.session.CompiledGraph;
import org.alignment4j.runtime.session.DevicePolicy;
import org.alignment4j.runtime.session.OrtRuntime;
import org.alignment4j.runtime.session.RunResult;
import org.alignment4j.runtime.session.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kernel against sums in float64 over the values that the levels stand for. */
class QuantisedProductsTest {

  private static final OrtRuntime RUNTIME = OrtRuntime.create(DevicePolicy.CPU);
  private static final String Y = "y";
  private static final String DX = "dx";
  private static final String W = "w";

  /** One matrix and the kernel that multiplies with it. */
  record Case(int bits, int block, int out, int in, int rows, Kernel kernel) {}

  static List<Case> cases() {
    List<Case> all = new ArrayList<>();
    int[][] sizes = {{5, 17, 3}, {16, 32, 1}, {33, 100, 2}, {43, 257, 9}, {64, 384, 40}};
    for (Kernel kernel : Kernel.values()) {
      for (int bits : new int[] {4, 8}) {
        for (int block : new int[] {32, 64, 128}) {
          for (int[] size : sizes) {
            all.add(new Case(bits, block, size[0], size[1], size[2], kernel));
          }
        }
      }
    }
    return all;
  }

  private static float[] random(int count, int seed) {
    Random random = new Random(seed);
    float[] v = new float[count];
    for (int i = 0; i < count; i++) {
      v[i] = (float) random.nextGaussian();
    }
    return v;
  }

  /** The outputs of a graph over {@code x} and the upstream gradient {@code g}. */
  private static Map<String, float[]> run(Case c, Weights weights, float[] x, float[] g) {
    Graph graph = new Graph(ElementType.FLOAT);
    Ops ops = new Ops(graph);
    Layers layers = new Layers(ops);
    QuantisedMatrix matrix =
        new QuantisedMatrix(graph, W, c.out(), c.in(), c.bits(), c.block(), c.kernel());
    Value input = graph.parameter("x", Shape.of(Dim.symbol("n"), Dim.of(c.in())), true);
    Value y = layers.linear(input, matrix, null);
    graph.output(Y, y);
    if (c.kernel() == Kernel.DEQUANTISING) {
      Value ids = graph.input("ids", ElementType.INT64, Shape.of(Dim.symbol("k")));
      graph.output(W, layers.dequantised(matrix));
      graph.output("rows", layers.embed(matrix, ids));
      Value upstream = graph.parameter("g", y.shape(), false);
      Gradients gradients = Gradients.of(graph, ops.sumAll(ops.mul(upstream, y)));
      graph.output(DX, gradients.dense(input).orElseThrow());
    }
    SharedWeights shared = new SharedWeights(RUNTIME, weights);
    Map<String, Tensor> feeds = new HashMap<>(shared.tensors());
    Map<String, Tensor> own = new HashMap<>();
    own.put("x", Tensor.copyOf(RUNTIME, x, c.rows(), c.in()));
    own.put("g", Tensor.copyOf(RUNTIME, g, c.rows(), c.out()));
    own.put("ids", Tensor.copyOf(RUNTIME, new long[] {c.out() - 1, 0, 2}, 3));
    feeds.putAll(own);
    Map<String, float[]> found = new HashMap<>();
    Set<String> outputs = graph.outputs().keySet();
    CompiledGraph compiled =
        c.kernel() == Kernel.DEQUANTISING
            ? CompiledGraph.compile(RUNTIME, "plain", graph.toModel())
            : shared.graph("packed", false, () -> graph);
    try (RunResult result = compiled.run(feeds, Map.of(), outputs)) {
      for (String output : outputs) {
        float[] values = new float[result.get(output).floats().remaining()];
        result.get(output).floats().get(values);
        found.put(output, values);
      }
    } finally {
      if (c.kernel() == Kernel.DEQUANTISING) {
        compiled.close();
      }
      assertThat(shared.release()).isTrue();
      own.values().forEach(Tensor::close);
    }
    return found;
  }

  private static double[][] values(Weights weights, Case c) {
    double[][] w = new double[c.out()][c.in()];
    WeightTensor tensor = weights.get(W);
    for (int o = 0; o < c.out(); o++) {
      for (int i = 0; i < c.in(); i++) {
        w[o][i] = tensor.data().get(o * c.in() + i);
      }
    }
    return w;
  }

  private static double relative(float[] found, double[] expected) {
    double error = 0;
    double norm = 0;
    for (int i = 0; i < found.length; i++) {
      error += (found[i] - expected[i]) * (found[i] - expected[i]);
      norm += expected[i] * expected[i];
    }
    return Math.sqrt(error / norm);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void productsAndGradients(Case c) {
    BlockFormat format = new BlockFormat(c.bits(), c.block(), Activations.FLOAT32);
    WeightTensor floats =
        WeightTensor.of(W, new long[] {c.out(), c.in()}, random(c.out() * c.in(), 1));
    Weights weights = Weights.of(List.of(BlockQuantiser.quantise(floats, false, format)));
    double[][] w = values(weights, c);
    float[] x = random(c.rows() * c.in(), 2);
    float[] g = random(c.rows() * c.out(), 3);
    double[] y = new double[c.rows() * c.out()];
    double[] dx = new double[c.rows() * c.in()];
    for (int n = 0; n < c.rows(); n++) {
      for (int o = 0; o < c.out(); o++) {
        for (int i = 0; i < c.in(); i++) {
          y[n * c.out() + o] += x[n * c.in() + i] * w[o][i];
          dx[n * c.in() + i] += g[n * c.out() + o] * w[o][i];
        }
      }
    }
    Map<String, float[]> found = run(c, weights, x, g);
    double tolerance = c.kernel() == Kernel.PACKED_INTEGER ? 1.2e-2 : 1e-6;
    assertThat(relative(found.get(Y), y)).isLessThan(tolerance);
    if (c.kernel() == Kernel.PACKED_INTEGER) {
      assertThat(relative(found.get(Y), y)).as("activations are rounded").isGreaterThan(1e-4);
    }
    if (c.kernel() == Kernel.DEQUANTISING) {
      assertThat(relative(found.get(DX), dx)).isLessThan(1e-6);
      for (int o = 0; o < c.out(); o++) {
        for (int i = 0; i < c.in(); i++) {
          assertThat((double) found.get(W)[o * c.in() + i]).isEqualTo(w[o][i]);
        }
      }
      int[] ids = {c.out() - 1, 0, 2};
      for (int k = 0; k < ids.length; k++) {
        for (int i = 0; i < c.in(); i++) {
          assertThat((double) found.get("rows")[k * c.in() + i]).isEqualTo(w[ids[k]][i]);
        }
      }
    }
  }

  @Test
  void refusesGraphsOfDouble() {
    Graph graph = new Graph(ElementType.DOUBLE);
    org.assertj.core.api.Assertions.assertThatThrownBy(
            () -> new QuantisedMatrix(graph, W, 2, 32, 4, 32, Kernel.PACKED))
        .hasMessage("graph must be of FLOAT to multiply quantised weights but was of DOUBLE");
  }
}
