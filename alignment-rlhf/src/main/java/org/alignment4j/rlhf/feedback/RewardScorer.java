package org.alignment4j.rlhf.feedback;

import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.Reward;
import org.alignment4j.api.reward.RewardModel;

/** A reward model's scores of new answers. */
record RewardScorer(RewardModel rewards) implements RefinementScorer {

  @Override
  public String id() {
    return "reward " + rewards.id();
  }

  @Override
  public double[] score(
      LanguageFeedback feedback, List<String> refinements, CancellationToken cancellation) {
    return rewards
        .score(
            refinements.stream().map(r -> new PromptCompletion(feedback.prompt(), r)).toList(),
            cancellation)
        .stream()
        .mapToDouble(Reward::value)
        .toArray();
  }
}
