package org.alignment4j.benchmarks;

import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.alignment4j.runtime.graph.ElementType;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.session.CompiledGraph;
import org.alignment4j.runtime.session.OrtRuntime;
import org.alignment4j.runtime.session.RunResult;
import org.alignment4j.runtime.session.Tensor;

/**
 * The rate of the machine's float32 matrix product, measured beside a step so that both suffer the
 * same machine: {@code [tokens, width] × [width, 4·width]}, the largest product of a block.
 */
final class MatrixRate implements AutoCloseable {

  static final int REPEATS = 4;

  private final CompiledGraph graph;
  private final Map<String, Tensor> feeds;
  private final double gigaflop;

  MatrixRate(OrtRuntime runtime, int tokens, int width) {
    Graph g = new Graph(ElementType.FLOAT);
    Ops ops = new Ops(g);
    g.output(
        "y",
        ops.matMul(
            g.parameter("a", Shape.of(tokens, width), false),
            g.parameter("b", Shape.of(width, 4L * width), false)));
    graph = CompiledGraph.compile(runtime, "sgemm", g.toModel());
    feeds =
        Map.of(
            "a", Tensor.copyOf(runtime, random(tokens * width), tokens, width),
            "b", Tensor.copyOf(runtime, random(4 * width * width), width, 4L * width));
    gigaflop = 8e-9 * tokens * width * width;
  }

  /** The best of a few products, in GFLOP/s: the ceiling, not the average. */
  double measure() {
    double best = 0;
    for (int i = 0; i < REPEATS; i++) {
      long start = System.nanoTime();
      try (RunResult run = graph.run(feeds, Map.of(), Set.of("y"))) {
        run.get("y");
      }
      best = Math.max(best, gigaflop / ((System.nanoTime() - start) * 1e-9));
    }
    return best;
  }

  @Override
  public void close() {
    feeds.values().forEach(Tensor::close);
    graph.close();
  }

  private static float[] random(int n) {
    SplittableRandom random = new SplittableRandom(n);
    float[] v = new float[n];
    for (int i = 0; i < n; i++) {
      v[i] = (float) random.nextDouble();
    }
    return v;
  }
}
