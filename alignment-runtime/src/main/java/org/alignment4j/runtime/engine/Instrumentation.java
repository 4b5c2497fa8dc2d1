package org.alignment4j.runtime.engine;

import java.util.Map;
import org.alignment4j.runtime.architecture.Tap;
import org.alignment4j.runtime.graph.Ops;
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
