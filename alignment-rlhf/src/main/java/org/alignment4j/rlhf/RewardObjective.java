package org.alignment4j.rlhf;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.rlhf.data.RewardRows;
import org.alignment4j.rlhf.loss.BradleyTerryLoss;
import org.alignment4j.rlhf.loss.PairRewards;
import org.alignment4j.runtime.graph.Dim;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.graph.Value;
import org.alignment4j.runtime.train.Objective;
import org.alignment4j.runtime.train.ObjectiveGraph;

/**
 * A reward loss over the scores of the last tokens of answers, laid out by {@link RewardRows}.
 *
 * @param loss the loss of a pair
 */
record RewardObjective(BradleyTerryLoss loss) implements Objective {

  private static final Dim PAIRS = Dim.symbol("pairs");

  /** Makes the sign of any difference ±1 in float32. */
  private static final double STEEP = 1e30;

  @Override
  public Object key() {
    return this;
  }

  @Override
  public ObjectiveGraph build(Ops ops, Value outputs) {
    List<Value> columns = ops.split(ops.reshape(outputs, PAIRS, Dim.of(2)), 1, 1, 1);
    Value chosen = ops.reshape(columns.get(0), PAIRS);
    Value rejected = ops.reshape(columns.get(1), PAIRS);
    Graph graph = ops.graph();
    PairRewards pairs =
        new PairRewards(
            chosen,
            rejected,
            vector(graph, RewardRows.MARGINS),
            vector(graph, RewardRows.PROBABILITIES));
    Value weights = vector(graph, RewardRows.WEIGHTS);
    Value losses = loss.losses(ops, pairs);
    return new ObjectiveGraph(ops.sumAll(ops.mul(losses, weights)), metrics(ops, pairs));
  }

  private static Map<String, Value> metrics(Ops ops, PairRewards pairs) {
    // 1 for a certain label, −1 for one that is certainly the other way round
    Value belief = ops.shift(ops.scale(pairs.probabilities(), 2), -1);
    Value margin = pairs.difference(ops);
    Value agreement = ops.mul(belief, ops.clamp(ops.scale(margin, STEEP), -1, 1));
    Map<String, Value> metrics = new LinkedHashMap<>();
    metrics.put("rewards/chosen", expected(ops, pairs, pairs.chosen(), pairs.rejected()));
    metrics.put("rewards/rejected", expected(ops, pairs, pairs.rejected(), pairs.chosen()));
    metrics.put("rewards/accuracies", ops.shift(ops.scale(agreement, 0.5), 0.5));
    metrics.put("rewards/margins", ops.mul(belief, margin));
    return metrics;
  }

  private static Value expected(Ops ops, PairRewards pairs, Value likely, Value other) {
    Value rest = ops.sub(ops.constant(1), pairs.probabilities());
    return ops.add(ops.mul(pairs.probabilities(), likely), ops.mul(rest, other));
  }

  private static Value vector(Graph graph, String name) {
    return graph.parameter(name, Shape.of(PAIRS), false);
  }
}
