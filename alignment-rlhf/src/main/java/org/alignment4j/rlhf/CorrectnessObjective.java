package org.alignment4j.rlhf;

import java.util.Map;
import org.alignment4j.rlhf.data.JudgedRows;
import org.alignment4j.rlhf.loss.CorrectnessLoss;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.graph.Value;
import org.alignment4j.runtime.train.Objective;
import org.alignment4j.runtime.train.ObjectiveGraph;

/** Cross-entropy of scores against judgements, laid out by {@link JudgedRows}. */
record CorrectnessObjective() implements Objective {

  /** Makes the sign of any number ±1 in float32. */
  private static final double STEEP = 1e30;

  @Override
  public Object key() {
    return this;
  }

  @Override
  public ObjectiveGraph build(Ops ops, Value outputs) {
    Shape shape = Shape.of(outputs.dim(0));
    Value scores = ops.reshape(outputs, shape);
    Value correctness = ops.graph().parameter(JudgedRows.CORRECTNESS, shape, false);
    Value weights = ops.graph().parameter(JudgedRows.WEIGHTS, shape, false);
    Value losses = CorrectnessLoss.losses(ops, scores, correctness);
    return new ObjectiveGraph(
        ops.sumAll(ops.mul(losses, weights)),
        Map.of("accuracy", agreement(ops, scores, correctness)));
  }

  /** 1 where score and judgement are on the same side, one half where one is on neither. */
  static Value agreement(Ops ops, Value scores, Value correctness) {
    Value sides =
        ops.mul(
            ops.clamp(ops.scale(scores, STEEP), -1, 1),
            ops.clamp(ops.scale(ops.shift(correctness, -0.5), STEEP), -1, 1));
    return ops.shift(ops.scale(sides, 0.5), 0.5);
  }
}
