package org.alignment4j.rlhf;

import java.util.Map;
import org.alignment4j.rlhf.data.JudgedRows;
import org.alignment4j.rlhf.loss.SoftLabelLoss;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.graph.Value;
import org.alignment4j.runtime.train.Objective;
import org.alignment4j.runtime.train.ObjectiveGraph;

/**
 * A loss of soft labels, laid out by {@link SoftLabelSource}.
 *
 * @param loss the loss
 */
record SoftLabelObjective(SoftLabelLoss loss) implements Objective {

  @Override
  public Object key() {
    return this;
  }

  @Override
  public ObjectiveGraph build(Ops ops, Value outputs) {
    Shape shape = Shape.of(outputs.dim(0));
    Graph graph = ops.graph();
    Value scores = ops.reshape(outputs, shape);
    Value labels = graph.parameter(JudgedRows.CORRECTNESS, shape, false);
    Value weights = graph.parameter(JudgedRows.WEIGHTS, shape, false);
    Value confidence = graph.parameter(SoftLabelSource.CONFIDENCE, shape, false);
    Value losses = loss.losses(ops, scores, labels, confidence);
    return new ObjectiveGraph(
        ops.sumAll(ops.mul(losses, weights)),
        Map.of("accuracy", CorrectnessObjective.agreement(ops, scores, labels)));
  }
}
