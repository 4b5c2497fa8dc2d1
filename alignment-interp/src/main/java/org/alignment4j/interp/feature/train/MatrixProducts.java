package org.alignment4j.interp.feature.train;

import java.nio.FloatBuffer;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.alignment4j.runtime.graph.Dim;
import org.alignment4j.runtime.graph.ElementType;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.session.CompiledGraph;
import org.alignment4j.runtime.session.OrtRuntime;
import org.alignment4j.runtime.session.Tensor;

/**
 * Products of matrices in row-major direct buffers, each by one dense kernel of the engine that
 * writes where the result belongs. Closed by its owner; one product at a time.
 */
final class MatrixProducts implements AutoCloseable {

  /** Which of the two matrices are transposed. */
  enum Form {
    /** {@code A·B}, A {@code [m, k]}, B {@code [k, n]}. */
    PLAIN,
    /** {@code A·Bᵀ}, A {@code [m, k]}, B {@code [n, k]}. */
    SECOND_TRANSPOSED,
    /** {@code Aᵀ·B}, A {@code [k, m]}, B {@code [k, n]}. */
    FIRST_TRANSPOSED
  }

  private static final String A = "a";
  private static final String B = "b";
  private static final String PRODUCT = "product";

  private final OrtRuntime runtime;
  private final Map<Form, CompiledGraph> graphs = new EnumMap<>(Form.class);

  MatrixProducts(OrtRuntime runtime) {
    this.runtime = runtime;
    for (Form form : Form.values()) {
      graphs.put(form, compile(runtime, form));
    }
  }

  private static CompiledGraph compile(OrtRuntime runtime, Form form) {
    Dim m = Dim.symbol("m");
    Dim k = Dim.symbol("k");
    Dim n = Dim.symbol("n");
    boolean first = form == Form.FIRST_TRANSPOSED;
    boolean second = form == Form.SECOND_TRANSPOSED;
    Graph graph = new Graph(ElementType.FLOAT);
    Ops ops = new Ops(graph);
    graph.output(
        PRODUCT,
        ops.gemm(
            graph.input(A, ElementType.FLOAT, first ? Shape.of(k, m) : Shape.of(m, k)),
            first,
            graph.input(B, ElementType.FLOAT, second ? Shape.of(n, k) : Shape.of(k, n)),
            second,
            1));
    return CompiledGraph.compile(runtime, "product " + form, graph.toModel());
  }

  /**
   * Computes a product {@code [m, n]}.
   *
   * @param a from position 0, of {@code m·k} floats
   * @param b from position 0, of {@code k·n} floats
   * @param product where to, of {@code m·n} floats
   */
  void multiply(Form form, FloatBuffer a, FloatBuffer b, FloatBuffer product, int m, int k, int n) {
    boolean first = form == Form.FIRST_TRANSPOSED;
    boolean second = form == Form.SECOND_TRANSPOSED;
    try (Tensor left = Tensor.of(runtime, part(a, m * k), first ? k : m, first ? m : k);
        Tensor right = Tensor.of(runtime, part(b, k * n), second ? n : k, second ? k : n);
        Tensor result = Tensor.of(runtime, part(product, m * n), m, n)) {
      CompiledGraph graph = graphs.get(form);
      if (graph == null) {
        throw new IllegalStateException("products must be open to be used but are closed");
      }
      graph.run(Map.of(A, left, B, right), Map.of(PRODUCT, result), Set.of()).close();
    }
  }

  private static FloatBuffer part(FloatBuffer buffer, int count) {
    return buffer.slice(0, count);
  }

  @Override
  public void close() {
    graphs.values().forEach(CompiledGraph::close);
    graphs.clear();
  }
}
