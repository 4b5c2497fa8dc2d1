package org.alignment4j.rlhf.reward;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.PromptCompletion;
import org.apiguardian.api.API;

/**
 * A reward of one answer by a rule; {@link RewardRules} has the usual ones. Immutable and
 * thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface RewardRule extends AnswerReward {

  /**
   * Scores an answer.
   *
   * @param answer prompt and answer
   * @return the reward; empty where the rule does not apply
   */
  OptionalDouble reward(PromptCompletion answer);

  @Override
  default List<OptionalDouble> score(
      List<PromptCompletion> answers, CancellationToken cancellation) {
    List<OptionalDouble> rewards = new ArrayList<>();
    for (PromptCompletion answer : answers) {
      cancellation.throwIfCancelled("scoring");
      rewards.add(reward(answer));
    }
    return rewards;
  }

  /**
   * Returns this rule with another scale, such as a penalty in place of a reward.
   *
   * @param factor finite
   * @return the rule
   * @throws IllegalArgumentException when the factor is not finite
   */
  default RewardRule times(double factor) {
    if (!Double.isFinite(factor)) {
      throw new IllegalArgumentException("factor must be finite but was " + factor);
    }
    return answer -> {
      OptionalDouble value = reward(answer);
      return value.isEmpty() ? value : OptionalDouble.of(factor * value.getAsDouble());
    };
  }
}
