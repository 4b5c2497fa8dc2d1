package org.alignment4j.examples.compare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.rlhf.data.RankingExample;
import org.alignment4j.rlhf.loss.RankingLoss;
import org.alignment4j.rlhf.loss.RankingLosses;
import org.alignment4j.runtime.DecoderModel;

/**
 * A loss over held-out rankings.
 *
 * @param loss the loss
 */
record RankingLossObjective(RankingLoss loss) implements Objective {

  @Override
  public String title() {
    return "held-out loss";
  }

  @Override
  public Direction direction() {
    return Direction.LOWER;
  }

  @Override
  public Values of(MethodContext context, Policy policy, List<MeasuredReply> replies) {
    List<RankingExample> rankings = context.heldOutRankings();
    double[] own = sums(policy.model(), rankings);
    double[] reference = sums(context.start().model(), rankings);
    double[] losses = new double[rankings.size()];
    List<String> prompts = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < losses.length; i++) {
      RankingExample ranking = rankings.get(i);
      int to = from + ranking.scores().size();
      losses[i] =
          RankingLosses.evaluate(
                  loss,
                  Arrays.copyOfRange(own, from, to),
                  Arrays.copyOfRange(reference, from, to),
                  ranking.answers().answers().stream().mapToDouble(TokenIds::size).toArray(),
                  ranking.scores().stream().mapToDouble(Double::doubleValue).toArray())
              .loss();
      prompts.add(ranking.answers().prompt().toString());
      from = to;
    }
    return new Values(losses, prompts);
  }

  private static double[] sums(DecoderModel model, List<RankingExample> rankings) {
    List<TokenIds> prompts = new ArrayList<>();
    List<TokenIds> answers = new ArrayList<>();
    for (RankingExample ranking : rankings) {
      for (TokenIds answer : ranking.answers().answers()) {
        prompts.add(ranking.answers().prompt());
        answers.add(answer);
      }
    }
    return Likelihoods.sums(model, prompts, answers);
  }
}
