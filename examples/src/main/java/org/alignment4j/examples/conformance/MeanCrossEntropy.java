package org.alignment4j.examples.conformance;

import java.util.Map;
import org.alignment4j.rlhf.loss.SftLoss;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.graph.Value;
import org.alignment4j.runtime.train.Objective;
import org.alignment4j.runtime.train.ObjectiveGraph;

/** Weighted cross-entropy of the labels. */
record MeanCrossEntropy() implements Objective {

  /** Weights of the labels, {@code [rows]}. */
  static final String WEIGHTS = "weights";

  @Override
  public Object key() {
    return this;
  }

  @Override
  public ObjectiveGraph build(Ops ops, Value labelLogProbs) {
    Value weights = ops.graph().parameter(WEIGHTS, Shape.of(labelLogProbs.dim(0)), false);
    return new ObjectiveGraph(SftLoss.weightedSum(ops, labelLogProbs, weights), Map.of());
  }
}
