package org.alignment4j.rlhf;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.rlhf.data.CostRows;
import org.alignment4j.rlhf.loss.CostLoss;
import org.alignment4j.runtime.graph.Dim;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.graph.Value;
import org.alignment4j.runtime.train.Objective;
import org.alignment4j.runtime.train.ObjectiveGraph;

/**
 * The loss of cost models over the scores of the last tokens of answers, laid out by {@link
 * CostRows}.
 *
 * @param loss the loss of a pair
 */
record CostObjective(CostLoss loss) implements Objective {

  private static final Dim PAIRS = Dim.symbol("pairs");

  /** Makes the sign of any number ±1 in float32. */
  private static final double STEEP = 1e30;

  @Override
  public Object key() {
    return this;
  }

  @Override
  public ObjectiveGraph build(Ops ops, Value outputs) {
    List<Value> columns = ops.split(ops.reshape(outputs, PAIRS, Dim.of(2)), 1, 1, 1);
    Value high = ops.reshape(columns.get(0), PAIRS);
    Value low = ops.reshape(columns.get(1), PAIRS);
    Value highSigns = vector(ops.graph(), CostRows.HIGH_SIGNS);
    Value lowSigns = vector(ops.graph(), CostRows.LOW_SIGNS);
    Value weights = vector(ops.graph(), CostRows.WEIGHTS);
    Value losses = loss.losses(ops, high, low, highSigns, lowSigns);
    Value safety =
        ops.add(right(ops, ops.mul(highSigns, high)), right(ops, ops.mul(lowSigns, low)));
    Map<String, Value> metrics = new LinkedHashMap<>();
    metrics.put("costs/more_harmful", high);
    metrics.put("costs/less_harmful", low);
    metrics.put("costs/accuracies", right(ops, ops.sub(high, low)));
    metrics.put("costs/safety_accuracies", ops.scale(safety, 0.5));
    return new ObjectiveGraph(ops.sumAll(ops.mul(losses, weights)), metrics);
  }

  /** 1 above 0, one half at 0, 0 below. */
  private static Value right(Ops ops, Value value) {
    return ops.shift(ops.scale(ops.clamp(ops.scale(value, STEEP), -1, 1), 0.5), 0.5);
  }

  private static Value vector(Graph graph, String name) {
    return graph.parameter(name, Shape.of(PAIRS), false);
  }
}
