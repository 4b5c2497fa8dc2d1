package org.alignment4j.examples.compare;

import java.util.List;
import org.alignment4j.api.evaluation.Direction;

/** The reward of sampled replies to held-out prompts by the reward model. */
record RewardObjective() implements Objective {

  @Override
  public String title() {
    return "proxy reward";
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
    return Values.ofReplies(replies, replies.stream().mapToDouble(MeasuredReply::proxy).toArray());
  }
}
