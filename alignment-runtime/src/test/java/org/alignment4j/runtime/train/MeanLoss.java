package org.alignment4j.runtime.train;

import java.util.Map;
import org.alignment4j.runtime.graph.Dim;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.graph.Value;

/** Weighted negative log-likelihood, {@code -Σ weights·logProbs}. */
record MeanLoss() implements Objective {

  @Override
  public Object key() {
    return this;
  }

  @Override
  public ObjectiveGraph build(Ops ops, Value labelLogProbs) {
    Dim rows = labelLogProbs.dim(0);
    Value weights = ops.graph().parameter("weights", Shape.of(rows), false);
    Value loss = ops.neg(ops.sumAll(ops.mul(weights, labelLogProbs)));
    return new ObjectiveGraph(loss, Map.of("log_prob", labelLogProbs));
  }
}
