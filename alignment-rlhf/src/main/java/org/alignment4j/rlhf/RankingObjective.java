package org.alignment4j.rlhf;

import java.util.LinkedHashMap;
import java.util.Map;
import org.alignment4j.rlhf.data.RankingRows;
import org.alignment4j.rlhf.loss.RankedLogProbs;
import org.alignment4j.rlhf.loss.RankingLoss;
import org.alignment4j.runtime.graph.Dim;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.graph.Value;
import org.alignment4j.runtime.train.Objective;
import org.alignment4j.runtime.train.ObjectiveGraph;

/**
 * A loss over the log-probabilities of ranked answers, laid out by {@link RankingRows}.
 *
 * @param loss the loss of a prompt
 * @param places answers per prompt
 */
record RankingObjective(RankingLoss loss, int places) implements Objective {

  private static final Dim PROMPTS = Dim.symbol("prompts");
  private static final Dim SLOTS = Dim.symbol("slots");

  /** Makes the sign of any difference ±1 in float32. */
  private static final double STEEP = 1e30;

  @Override
  public Object key() {
    return this;
  }

  @Override
  public ObjectiveGraph build(Ops ops, Value labelLogProbs) {
    Graph graph = ops.graph();
    Dim rows = labelLogProbs.dim(0);
    Value tokens = graph.parameter(RankingRows.ANSWER_TOKENS, Shape.of(SLOTS, rows), false);
    Value column = ops.reshape(labelLogProbs, rows, Dim.of(1));
    Value policy = ops.reshape(ops.matMul(tokens, column), PROMPTS, Dim.of(places));
    RankedLogProbs ranked =
        new RankedLogProbs(
            policy,
            matrix(graph, RankingRows.REFERENCE),
            matrix(graph, RankingRows.LENGTHS),
            matrix(graph, RankingRows.SCORES),
            matrix(graph, RankingRows.PRESENT));
    Value weights = graph.parameter(RankingRows.WEIGHTS, Shape.of(PROMPTS), false);
    Value losses = loss.losses(ops, ranked);
    return new ObjectiveGraph(ops.sumAll(ops.mul(losses, weights)), metrics(ops, ranked));
  }

  private Map<String, Value> metrics(Ops ops, RankedLogProbs ranked) {
    Value shares = ops.graph().parameter(RankingRows.PAIR_SHARES, Shape.of(PROMPTS), false);
    Value ranks = loss.ranks(ops, ranked);
    Value ahead = ops.sub(ranked.rows(ops, ranks), ranked.columns(ops, ranks));
    Value agreement = ops.shift(ops.scale(ops.clamp(ops.scale(ahead, STEEP), -1, 1), 0.5), 0.5);
    Value agreed = ops.sum(ops.mul(agreement, ranked.better(ops)), 1, 2);
    Map<String, Value> metrics = new LinkedHashMap<>();
    metrics.put("rewards/accuracies", ops.mul(agreed, shares));
    metrics.put("logps/best", ranked.best(ops, ranked.policy()));
    metrics.put("nll", ops.neg(ranked.best(ops, ranked.means(ops))));
    return metrics;
  }

  private Value matrix(Graph graph, String name) {
    return graph.parameter(name, Shape.of(PROMPTS, Dim.of(places)), false);
  }
}
