package org.alignment4j.rlhf;

import java.util.LinkedHashMap;
import java.util.Map;
import org.alignment4j.rlhf.data.RankingRows;
import org.alignment4j.rlhf.loss.RankedLogProbs;
import org.alignment4j.rlhf.loss.RankingLoss;
import org.alignment4j.runtime.graph.Ops;
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

  @Override
  public Object key() {
    return this;
  }

  @Override
  public ObjectiveGraph build(Ops ops, Value labelLogProbs) {
    RankingParameters parameters = new RankingParameters(ops, labelLogProbs, places);
    RankedLogProbs ranked =
        new RankedLogProbs(
            parameters.answers(),
            parameters.matrix(RankingRows.REFERENCE),
            parameters.matrix(RankingRows.LENGTHS),
            parameters.matrix(RankingRows.SCORES),
            parameters.matrix(RankingRows.PRESENT));
    Value ranks = loss.ranks(ops, ranked);
    Value ahead = ops.sub(ranked.rows(ops, ranks), ranked.columns(ops, ranks));
    Map<String, Value> metrics = new LinkedHashMap<>();
    metrics.put(
        "rewards/accuracies",
        parameters.overPairs(parameters.agreement(ahead), ranked.better(ops), parameters.shares()));
    metrics.put("logps/best", ranked.best(ops, ranked.policy()));
    metrics.put("nll", ops.neg(ranked.best(ops, ranked.means(ops))));
    return new ObjectiveGraph(parameters.weighted(loss.losses(ops, ranked)), metrics);
  }
}
