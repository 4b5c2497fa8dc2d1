package org.alignment4j.runtime.engine;

import java.util.concurrent.atomic.AtomicBoolean;
import org.alignment4j.runtime.session.CompiledGraph;

/**
 * A compiled graph that stays open as long as this does, though others may take its place among the
 * graphs kept. Thread-safe.
 */
public final class GraphLease implements AutoCloseable {

  private final CompiledGraph graph;
  private final Runnable end;
  private final AtomicBoolean ended = new AtomicBoolean();

  GraphLease(CompiledGraph graph, Runnable end) {
    this.graph = graph;
    this.end = end;
  }

  /** A lease of a graph that stays open anyway. */
  public static GraphLease lasting(CompiledGraph graph) {
    return new GraphLease(graph, () -> {});
  }

  /** The graph, to be run before this is closed. */
  public CompiledGraph graph() {
    return graph;
  }

  /**
   * Lets the graph be freed; again does nothing.
   *
   * @throws org.alignment4j.api.ModelExecutionException if ONNX Runtime fails to free one
   */
  @Override
  public void close() {
    if (ended.compareAndSet(false, true)) {
      end.run();
    }
  }
}
