package org.alignment4j.rlhf;

import java.util.Map;
import org.alignment4j.rlhf.data.SftRows;
import org.alignment4j.rlhf.loss.SmoothedSftLoss;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.graph.Value;
import org.alignment4j.runtime.train.HeadValues;
import org.alignment4j.runtime.train.Objective;
import org.alignment4j.runtime.train.ObjectiveGraph;

/**
 * Cross-entropy of the tokens to learn against smoothed labels, weighted by an input. What the
 * labels alone cost is a metric, to compare runs of different smoothing by.
 */
record SmoothedSftObjective(SmoothedSftLoss loss) implements Objective {

  @Override
  public Object key() {
    return this;
  }

  @Override
  public ObjectiveGraph build(Ops ops, Value labelLogProbs) {
    throw new IllegalStateException(
        "label smoothing must be given the whole distribution of the head");
  }

  @Override
  public ObjectiveGraph build(Ops ops, Value labelLogProbs, HeadValues head) {
    Value weights = ops.graph().parameter(SftRows.WEIGHTS, Shape.of(labelLogProbs.dim(0)), false);
    Value smoothed = loss.weightedSum(ops, labelLogProbs, head.meanLogProbs(), weights);
    return new ObjectiveGraph(smoothed, Map.of("nll", ops.neg(labelLogProbs)));
  }
}
