package org.alignment4j.rlhf;

import java.util.Map;
import org.alignment4j.rlhf.data.RankingRows;
import org.alignment4j.rlhf.loss.RankedRewards;
import org.alignment4j.rlhf.loss.RankingRewardLoss;
import org.alignment4j.runtime.graph.Ops;
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

  @Override
  public Object key() {
    return this;
  }

  @Override
  public ObjectiveGraph build(Ops ops, Value outputs) {
    RankingParameters parameters = new RankingParameters(ops, outputs, places);
    RankedRewards ranked =
        new RankedRewards(
            parameters.answers(),
            parameters.matrix(RankingRows.SCORES),
            parameters.matrix(RankingRows.PRESENT));
    Value differences = ranked.differences(ops);
    Value better = ranked.better(ops);
    Value shares = parameters.shares();
    return new ObjectiveGraph(
        parameters.weighted(loss.losses(ops, ranked)),
        Map.of(
            "rewards/accuracies",
            parameters.overPairs(parameters.agreement(differences), better, shares),
            "rewards/margins",
            parameters.overPairs(differences, better, shares)));
  }
}
