package org.alignment4j.runtime.engine;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.alignment4j.runtime.architecture.Tap;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.session.CompiledGraph;
import org.alignment4j.runtime.session.RunResult;
import org.alignment4j.runtime.session.Tensor;

/**
 * What an intervened model adds to its graphs: taps that edit hook points by values which are
 * further inputs. Immutable and thread-safe.
 */
public interface Instrumentation {

  /** A value equal for instrumentations that build the same graph. */
  Object structure();

  /** A tap for a graph being built; it may declare inputs in it. */
  Tap tap(Ops ops);

  /** The further inputs of a run; its caller closes them. */
  Map<String, Tensor> feeds(Columns columns);

  /**
   * Runs a graph with these inputs added, in several passes where Java functions take part.
   *
   * @param graph built with {@link #tap}
   * @param feeds every other input
   * @param columns where the run's columns lie
   * @param pinned outputs written in place
   * @param fetched outputs allocated by the run; the caller closes the result
   */
  default RunResult run(
      CompiledGraph graph,
      Map<String, Tensor> feeds,
      Columns columns,
      Map<String, Tensor> pinned,
      Set<String> fetched) {
    Map<String, Tensor> added = feeds(columns);
    try {
      Map<String, Tensor> all = new HashMap<>(feeds);
      all.putAll(added);
      return graph.run(all, pinned, fetched);
    } finally {
      added.values().forEach(Tensor::close);
    }
  }

  /** Whether nothing is added, so that faster kernels may serve. */
  default boolean isNone() {
    return false;
  }

  /** Adds nothing. */
  static Instrumentation none() {
    return new Instrumentation() {
      @Override
      public Object structure() {
        return "none";
      }

      @Override
      public Tap tap(Ops ops) {
        return Tap.none();
      }

      @Override
      public Map<String, Tensor> feeds(Columns columns) {
        return Map.of();
      }

      @Override
      public boolean isNone() {
        return true;
      }
    };
  }
}
