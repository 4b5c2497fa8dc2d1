package org.alignment4j.examples.compare;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.model.LogProbs;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.rlhf.data.SftExample;

/**
 * The negative log-likelihood of held-out texts that a method makes of its data, per token that it
 * learns.
 *
 * @param texts which
 */
record TextLossObjective(HeldOutTexts texts) implements Objective {

  @Override
  public String title() {
    return "held-out NLL";
  }

  @Override
  public Direction direction() {
    return Direction.LOWER;
  }

  @Override
  public Values of(MethodContext context, Policy policy, List<MeasuredReply> replies) {
    List<HeldOutTexts.Text> held = texts.of(context);
    List<TokenIds> firsts = new ArrayList<>();
    List<TokenIds> rests = new ArrayList<>();
    for (HeldOutTexts.Text text : held) {
      TokenIds ids = text.example().ids();
      firsts.add(ids.slice(0, 1));
      rests.add(ids.slice(1, ids.size()));
    }
    List<LogProbs> scores = Likelihoods.of(policy.model(), firsts, rests);
    double[] losses = new double[held.size()];
    for (int i = 0; i < losses.length; i++) {
      SftExample example = held.get(i).example();
      LogProbs own = scores.get(i);
      losses[i] =
          -example.learnt().stream().mapToDouble(token -> own.get(token - 1)).sum()
              / example.learntTokens();
    }
    return new Values(losses, held.stream().map(HeldOutTexts.Text::prompt).toList());
  }
}
