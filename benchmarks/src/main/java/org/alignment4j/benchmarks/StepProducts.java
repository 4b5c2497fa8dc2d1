package org.alignment4j.benchmarks;

import java.util.ArrayList;
import java.util.List;
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
 * The rate of the machine's float32 matrix product on the products of a training step: those of
 * every linear layer and of the head, forward, to the inputs' gradients and to the weights', each
 * alone in a loop. Attention's own products, a few percent of the step, are left out.
 */
final class StepProducts implements AutoCloseable {

  private static final int REPEATS = 3;

  /** A product, and how often a step makes it. */
  private record Product(CompiledGraph graph, Map<String, Tensor> feeds, double gigaflop, int count)
      implements AutoCloseable {

    double best() {
      double best = Double.POSITIVE_INFINITY;
      for (int i = 0; i < REPEATS; i++) {
        long start = System.nanoTime();
        try (RunResult run = graph.run(feeds, Map.of(), Set.of("y"))) {
          run.get("y");
        }
        best = Math.min(best, (System.nanoTime() - start) * 1e-9);
      }
      return best;
    }

    @Override
    public void close() {
      feeds.values().forEach(Tensor::close);
      graph.close();
    }
  }

  private final OrtRuntime runtime;
  private final List<Product> products = new ArrayList<>();

  StepProducts(OrtRuntime runtime, GptShape shape) {
    this.runtime = runtime;
    int tokens = shape.batch() * shape.seq();
    int width = shape.width();
    linear(tokens, width, 3 * width, shape.layers());
    linear(tokens, width, width, shape.layers());
    linear(tokens, width, 4 * width, shape.layers());
    linear(tokens, 4 * width, width, shape.layers());
    int scored = shape.batch() * (shape.seq() - 1);
    add(scored, width, shape.vocab(), false, true, 1);
    add(scored, shape.vocab(), width, false, false, 1);
    add(shape.vocab(), scored, width, true, false, 1);
  }

  private void linear(int tokens, int in, int out, int count) {
    add(tokens, in, out, false, false, count);
    add(tokens, out, in, false, true, count);
    add(in, tokens, out, true, false, count);
  }

  /** {@code [m, k] × [k, n]}, operands stored transposed or not. */
  private void add(int m, int k, int n, boolean transA, boolean transB, int count) {
    Graph graph = new Graph(ElementType.FLOAT);
    Shape a = transA ? Shape.of(k, m) : Shape.of(m, k);
    Shape b = transB ? Shape.of(n, k) : Shape.of(k, n);
    graph.output(
        "y",
        new Ops(graph)
            .gemm(
                graph.parameter("a", a, false), transA, graph.parameter("b", b, false), transB, 1));
    products.add(
        new Product(
            CompiledGraph.compile(runtime, "product", graph.toModel()),
            Map.of("a", random(a), "b", random(b)),
            2e-9 * m * k * n,
            count));
  }

  private Tensor random(Shape shape) {
    SplittableRandom random = new SplittableRandom(1);
    float[] values = new float[Math.toIntExact(shape.size(0) * shape.size(1))];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextDouble();
    }
    return Tensor.copyOf(runtime, values, shape.size(0), shape.size(1));
  }

  /** GFLOP/s of all products of a step, each at the best of a few runs. */
  double measure() {
    double gigaflop = 0;
    double seconds = 0;
    for (Product product : products) {
      gigaflop += product.count() * product.gigaflop();
      seconds += product.count() * product.best();
    }
    return gigaflop / seconds;
  }

  @Override
  public void close() {
    products.forEach(Product::close);
  }
}
