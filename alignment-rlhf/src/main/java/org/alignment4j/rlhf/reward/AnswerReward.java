package org.alignment4j.rlhf.reward;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.Reward;
import org.alignment4j.api.reward.RewardModel;
import org.apiguardian.api.API;

/**
 * Scores answers by their text, or says nothing of those it does not apply to: a rule whose gold
 * answer is missing, a judge that came to no verdict. Unlike a {@link RewardModel} it may compare
 * the answers it is given with each other. Safe for concurrent calls.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@FunctionalInterface
public interface AnswerReward {

  /**
   * Scores answers.
   *
   * @param answers prompts with answers; may be empty
   * @param cancellation asks to stop
   * @return one number per answer, in order; empty for an answer it does not apply to, which is not
   *     the same as 0
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws ModelExecutionException when a model behind it fails
   */
  List<OptionalDouble> score(List<PromptCompletion> answers, CancellationToken cancellation);

  /**
   * Returns this reward as a reward model, which has to say something of every answer.
   *
   * @param id its identity
   * @return the model; it fails with {@link ModelExecutionException} on an answer that this does
   *     not apply to, named by its index, and on a reward that is not finite
   */
  default RewardModel toModel(String id) {
    Objects.requireNonNull(id, "id");
    AnswerReward reward = this;
    return new RewardModel() {
      @Override
      public String id() {
        return id;
      }

      @Override
      public List<Reward> score(List<PromptCompletion> answers, CancellationToken cancellation) {
        List<Reward> rewards = new ArrayList<>();
        for (OptionalDouble value : reward.score(answers, cancellation)) {
          if (value.isEmpty() || !Double.isFinite(value.getAsDouble())) {
            throw new ModelExecutionException(
                "reward '%s' must have a finite value for every answer but for answers[%s] has %s"
                    .formatted(
                        id,
                        rewards.size(),
                        value.isEmpty()
                            ? "none; leave out answers it does not apply to"
                            : value.getAsDouble()));
          }
          rewards.add(Reward.of(value.getAsDouble()));
        }
        return rewards;
      }
    };
  }
}
