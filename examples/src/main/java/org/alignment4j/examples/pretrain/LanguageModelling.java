package org.alignment4j.examples.pretrain;

import java.util.Map;
import org.alignment4j.rlhf.loss.SftLoss;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.alignment4j.runtime.train.Objective;
import org.alignment4j.runtime.train.ObjectiveGraph;

/** Cross-entropy of every token of the corpus. */
record LanguageModelling() implements Objective {

  static final String WEIGHTS = "weights";

  @Override
  public Object key() {
    return this;
  }

  @Override
  public ObjectiveGraph build(Ops ops, Value labelLogProbs) {
    Value weights = ops.graph().parameter(WEIGHTS, labelLogProbs.shape(), false);
    return new ObjectiveGraph(SftLoss.weightedSum(ops, labelLogProbs, weights), Map.of());
  }
}
