package org.alignment4j.rlhf;

import java.util.Map;
import org.alignment4j.rlhf.data.SftRows;
import org.alignment4j.rlhf.loss.DynamicSftLoss;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.graph.Value;
import org.alignment4j.runtime.train.Objective;
import org.alignment4j.runtime.train.ObjectiveGraph;

/**
 * Cross-entropy of the tokens to learn times their probabilities, weighted by an input. What the
 * tokens cost without is a metric.
 */
record DynamicSftObjective() implements Objective {

  @Override
  public Object key() {
    return this;
  }

  @Override
  public ObjectiveGraph build(Ops ops, Value labelLogProbs) {
    Value weights = ops.graph().parameter(SftRows.WEIGHTS, Shape.of(labelLogProbs.dim(0)), false);
    return new ObjectiveGraph(
        DynamicSftLoss.weightedSum(ops, labelLogProbs, weights),
        Map.of("nll", ops.neg(labelLogProbs)));
  }
}
