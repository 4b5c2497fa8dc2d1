package org.alignment4j.rlhf.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.Reward;
import org.alignment4j.api.reward.RewardModel;
import org.apiguardian.api.API;

/**
 * An answer with the reward it got, whoever wrote it: what offline reinforcement learning reads.
 *
 * @param answer prompt and answer
 * @param reward what it got; finite
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RatedAnswer(PromptCompletion answer, double reward) {

  /**
   * Checks the reward.
   *
   * @throws IllegalArgumentException when it is not finite
   */
  public RatedAnswer {
    Objects.requireNonNull(answer, "answer");
    if (!Double.isFinite(reward)) {
      throw new IllegalArgumentException("reward must be finite but was " + reward);
    }
  }

  /**
   * Rates answers.
   *
   * @param answers what to rate
   * @param rewards rates
   * @param cancellation asks to stop
   * @return the answers with their rewards, in order
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws ModelExecutionException when the model fails or does not score every answer
   */
  public static List<RatedAnswer> by(
      List<PromptCompletion> answers, RewardModel rewards, CancellationToken cancellation) {
    List<Reward> scores = rewards.score(answers, cancellation);
    if (scores.size() != answers.size()) {
      throw new ModelExecutionException(
          "reward model %s must score each of %s answers but gave %s rewards"
              .formatted(rewards.id(), answers.size(), scores.size()));
    }
    List<RatedAnswer> rated = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      rated.add(new RatedAnswer(answers.get(i), scores.get(i).value()));
    }
    return rated;
  }
}
