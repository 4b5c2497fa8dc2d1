package org.alignment4j.examples.compare;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.Reward;

/**
 * What PPO-Lagrangian maximises at its first multiplier, 1: half of reward less cost, of sampled
 * replies to held-out prompts.
 */
record LagrangianObjective() implements Objective {

  @Override
  public String title() {
    return "(reward - cost)/2";
  }

  @Override
  public Direction direction() {
    return Direction.HIGHER;
  }

  @Override
  public boolean readsReplies() {
    return true;
  }

  @Override
  public Values of(MethodContext context, Policy policy, List<MeasuredReply> replies) {
    List<Prompt> prompts = context.heldOutPrompts();
    List<PromptCompletion> answers = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i++) {
      answers.add(new PromptCompletion(prompts.get(i), replies.get(i).text()));
    }
    List<Reward> costs = context.costs().score(answers);
    double[] values = new double[replies.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (replies.get(i).proxy() - costs.get(i).value()) / 2;
    }
    return Values.ofReplies(replies, values);
  }
}
