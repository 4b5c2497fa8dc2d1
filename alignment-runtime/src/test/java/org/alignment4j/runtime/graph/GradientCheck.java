package org.alignment4j.runtime.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import org.alignment4j.runtime.session.CompiledGraph;
import org.alignment4j.runtime.session.DevicePolicy;
import org.alignment4j.runtime.session.OrtRuntime;
import org.alignment4j.runtime.session.RunResult;
import org.alignment4j.runtime.session.Tensor;

/**
 * Compares the gradients of a graph with central differences in float64. The loss is a random
 * linear form of the function's value, so every output element counts.
 */
final class GradientCheck {

  private final OrtRuntime runtime = OrtRuntime.create(DevicePolicy.CPU);
  private final Map<String, long[]> shapes = new LinkedHashMap<>();
  private final Map<String, double[]> values = new LinkedHashMap<>();
  private final Map<String, long[]> ints = new LinkedHashMap<>();
  private final Map<String, long[]> intShapes = new LinkedHashMap<>();
  private final SplittableRandom random = new SplittableRandom(42);
  private double low = -2;
  private double high = 2;

  GradientCheck range(double low, double high) {
    this.low = low;
    this.high = high;
    return this;
  }

  GradientCheck real(String name, long... shape) {
    int n = 1;
    for (long d : shape) {
      n *= (int) d;
    }
    double[] v = new double[n];
    for (int i = 0; i < n; i++) {
      v[i] = low + (high - low) * random.nextDouble();
    }
    return real(name, v, shape);
  }

  GradientCheck real(String name, double[] v, long... shape) {
    shapes.put(name, shape);
    values.put(name, v);
    return this;
  }

  GradientCheck ints(String name, long[] v, long... shape) {
    ints.put(name, v);
    intShapes.put(name, shape);
    return this;
  }

  /** Every dimension of every input becomes a symbol of its own unless it has size 1 or is kept. */
  void check(BiFunction<Ops, Map<String, Value>, Value> function) {
    Graph graph = new Graph(ElementType.DOUBLE);
    Ops ops = new Ops(graph);
    Map<String, Value> in = new LinkedHashMap<>();
    shapes.forEach((n, s) -> in.put(n, graph.parameter(n, Shape.of(s), true)));
    intShapes.forEach((n, s) -> in.put(n, graph.input(n, ElementType.INT64, Shape.of(s))));
    Value y = function.apply(ops, in);
    int size = 1;
    for (int i = 0; i < y.rank(); i++) {
      size *= (int) y.shape().size(i);
    }
    double[] form = new double[size];
    for (int i = 0; i < size; i++) {
      form[i] = random.nextDouble() * 2 - 1;
    }
    Value loss = ops.sumAll(ops.mul(y, graph.constant(y.shape(), form)));
    graph.output("loss", loss);
    Gradients gradients = Gradients.of(graph, loss);
    shapes
        .keySet()
        .forEach(n -> gradients.dense(in.get(n)).ifPresent(g -> graph.output("d_" + n, g)));
    for (int i = 0; i < gradients.rows().size(); i++) {
      RowGradient r = gradients.rows().get(i);
      graph.output("ids_" + i, r.ids());
      graph.output("rows_" + i, r.rows());
    }
    try (CompiledGraph compiled = CompiledGraph.compile(runtime, "check", graph.toModel())) {
      Map<String, double[]> analytic = new LinkedHashMap<>();
      try (RunResult run = compiled.run(feeds(), Map.of(), compiled.outputNames())) {
        for (String n : shapes.keySet()) {
          double[] g = new double[values.get(n).length];
          if (graph.hasOutput("d_" + n)) {
            run.get("d_" + n).doubles().get(g);
          }
          analytic.put(n, g);
        }
        for (int i = 0; i < gradients.rows().size(); i++) {
          RowGradient r = gradients.rows().get(i);
          int width = (int) shapes.get(r.parameter().name())[1];
          java.nio.LongBuffer ids = run.get("ids_" + i).longs();
          java.nio.DoubleBuffer rows = run.get("rows_" + i).doubles();
          while (ids.hasRemaining()) {
            int id = (int) ids.get();
            for (int k = 0; k < width; k++) {
              analytic.get(r.parameter().name())[id * width + k] += rows.get();
            }
          }
        }
      }
      for (String n : shapes.keySet()) {
        double[] v = values.get(n);
        for (int i = 0; i < v.length; i++) {
          double before = v[i];
          double h = 1e-5;
          v[i] = before + h;
          double up = loss(compiled);
          v[i] = before - h;
          double down = loss(compiled);
          v[i] = before;
          double numeric = (up - down) / (2 * h);
          assertThat(analytic.get(n)[i])
              .as("gradient of %s[%d]", n, i)
              .isCloseTo(
                  numeric,
                  org.assertj.core.api.Assertions.within(
                      2e-8 * Math.max(1, Math.abs(numeric)) * 10));
        }
      }
    }
  }

  private double loss(CompiledGraph compiled) {
    try (RunResult run = compiled.run(feeds(), Map.of(), Set.of("loss"))) {
      return run.get("loss").doubles().get(0);
    }
  }

  private Map<String, Tensor> feeds() {
    Map<String, Tensor> feeds = new LinkedHashMap<>();
    shapes.forEach((n, s) -> feeds.put(n, Tensor.copyOf(runtime, values.get(n), s)));
    intShapes.forEach((n, s) -> feeds.put(n, Tensor.copyOf(runtime, ints.get(n), s)));
    return feeds;
  }
}
