package org.alignment4j.rlhf;

import java.util.Map;
import org.alignment4j.rlhf.data.RankingRows;
import org.alignment4j.rlhf.loss.RankedRewards;
import org.alignment4j.rlhf.loss.RankingRewardLoss;
import org.alignment4j.runtime.graph.Dim;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.graph.Value;
import org.alignment4j.runtime.train.Objective;
import org.alignment4j.runtime.train.ObjectiveGraph;

/**
 * A reward loss over the scores of the last tokens of ranked answers, laid out by {@link
 * RankingRows}.
 *
 * @param loss the loss of a prompt
 * @param places answers per prompt
 */
record RankingRewardObjective(RankingRewardLoss loss, int places) implements Objective {

  private static final Dim PROMPTS = Dim.symbol("prompts");
  private static final Dim SLOTS = Dim.symbol("slots");

  /** Makes the sign of any difference ±1 in float32. */
  private static final double STEEP = 1e30;

  @Override
  public Object key() {
    return this;
  }

  @Override
  public ObjectiveGraph build(Ops ops, Value outputs) {
    Graph graph = ops.graph();
    Dim rows = outputs.dim(0);
    Value tokens = graph.parameter(RankingRows.ANSWER_TOKENS, Shape.of(SLOTS, rows), false);
    Value column = ops.reshape(outputs, rows, Dim.of(1));
    RankedRewards ranked =
        new RankedRewards(
            ops.reshape(ops.matMul(tokens, column), PROMPTS, Dim.of(places)),
            matrix(graph, RankingRows.SCORES),
            matrix(graph, RankingRows.PRESENT));
    Value weights = graph.parameter(RankingRows.WEIGHTS, Shape.of(PROMPTS), false);
    Value shares = graph.parameter(RankingRows.PAIR_SHARES, Shape.of(PROMPTS), false);
    Value differences = ranked.differences(ops);
    Value agreement =
        ops.shift(ops.scale(ops.clamp(ops.scale(differences, STEEP), -1, 1), 0.5), 0.5);
    return new ObjectiveGraph(
        ops.sumAll(ops.mul(loss.losses(ops, ranked), weights)),
        Map.of(
            "rewards/accuracies", overPairs(ops, ranked, agreement, shares),
            "rewards/margins", overPairs(ops, ranked, differences, shares)));
  }

  private static Value overPairs(Ops ops, RankedRewards ranked, Value values, Value shares) {
    return ops.mul(ops.sum(ops.mul(values, ranked.better(ops)), 1, 2), shares);
  }

  private Value matrix(Graph graph, String name) {
    return graph.parameter(name, Shape.of(PROMPTS, Dim.of(places)), false);
  }
}
