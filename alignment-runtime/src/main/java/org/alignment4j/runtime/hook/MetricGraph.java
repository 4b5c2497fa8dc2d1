package org.alignment4j.runtime.hook;

import org.alignment4j.api.hook.LogitMetric;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.graph.Value;

/** Emits a metric of logits. */
public final class MetricGraph {

  /** The input {@code [rows, vocab]} with the weight of each token. */
  public static final String WEIGHTS = "metric.weights";

  /** The output {@code [rows]} with what each row contributes. */
  public static final String VALUES = "metric.values";

  private MetricGraph() {}

  /**
   * The weighted sum of each row, which is also made an output.
   *
   * @param logits {@code [rows, vocab]}
   * @return {@code [rows]}
   */
  public static Value emit(Ops ops, Value logits, LogitMetric.Form form) {
    Value read =
        switch (form) {
          case LOGITS -> logits;
          case LOG_PROBABILITIES -> ops.logSoftmax(logits);
          case PROBABILITIES -> ops.softmax(logits);
        };
    Value weights = ops.graph().parameter(WEIGHTS, Shape.of(logits.dim(0), logits.dim(1)), false);
    Value values = ops.sum(ops.mul(read, weights), -1);
    ops.graph().output(VALUES, values);
    return values;
  }
}
