package org.alignment4j.api.reward;

import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Model;
import org.alignment4j.api.model.PromptCompletion;
import org.apiguardian.api.API;

/**
 * Scores answers: a trained model, a set of rules, a classifier, a remote service. Safe for
 * concurrent calls.
 */
@API(status = API.Status.STABLE, since = "0.1")
public interface RewardModel extends Model {

  /**
   * Scores every answer, independently of the others.
   *
   * @param answers prompts with answers; may be empty
   * @param cancellation asks to stop at the next batch
   * @return one reward per answer, in order
   * @throws IllegalArgumentException when an answer does not fit the model's context
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model fails or a reward is not
   *     finite
   */
  List<Reward> score(List<PromptCompletion> answers, CancellationToken cancellation);

  /**
   * Scores every answer, independently of the others.
   *
   * @param answers prompts with answers; may be empty
   * @return one reward per answer, in order
   * @throws IllegalArgumentException when an answer does not fit the model's context
   * @throws org.alignment4j.api.ModelExecutionException when the model fails or a reward is not
   *     finite
   */
  default List<Reward> score(List<PromptCompletion> answers) {
    return score(answers, CancellationToken.none());
  }
}
