package org.alignment4j.eval.inner.failure;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.Reward;
import org.alignment4j.api.reward.RewardModel;
import org.alignment4j.eval.inner.failure.ObjectiveEvidence.Measured;
import org.apiguardian.api.API;

/**
 * Asks a reward model, the objective of a training, what it gave for a failing answer and for the
 * intended ones. Immutable and thread-safe, as the reward model is.
 *
 * @param objective the reward model
 * @param unstated standard deviation of a reward where the reward model states none, not negative:
 *     such as the deviation between reward models of several seeds. There is no default, since a
 *     reward without any error would decide every case
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ObjectiveScores(RewardModel objective, double unstated) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when the deviation is negative or not finite
   */
  public ObjectiveScores {
    Objects.requireNonNull(objective, "objective");
    if (!(unstated >= 0 && unstated < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "unstated must be finite and not negative but was " + unstated);
    }
  }

  /**
   * Scores a failing answer and the intended ones.
   *
   * @param prompt what was asked
   * @param failing what the model answered
   * @param intended what it should have answered, at least one
   * @param inTraining whether the prompt is of the training distribution
   * @param cancellation asks to stop
   * @return the observation; the deviations of the failing answer and of the best intended one are
   *     added as independent errors are
   * @throws IllegalArgumentException when nothing was intended or an answer does not fit the model
   * @throws ModelExecutionException when the reward model fails
   */
  public FailureObservation observe(
      Prompt prompt,
      String failing,
      List<String> intended,
      boolean inTraining,
      CancellationToken cancellation) {
    if (intended.isEmpty()) {
      throw new IllegalArgumentException("intended must hold an answer but is empty");
    }
    List<PromptCompletion> answers = new ArrayList<>();
    answers.add(new PromptCompletion(prompt, failing));
    intended.forEach(answer -> answers.add(new PromptCompletion(prompt, answer)));
    List<Reward> rewards = objective.score(answers, cancellation);
    if (rewards.size() != answers.size()) {
      throw new ModelExecutionException(
          "reward model '%s' must give one reward per answer, %s, but gave %s"
              .formatted(objective.id(), answers.size(), rewards.size()));
    }
    Reward best = rewards.get(1);
    for (Reward reward : rewards.subList(1, rewards.size())) {
      best = reward.value() > best.value() ? reward : best;
    }
    double error =
        Math.hypot(
            rewards.get(0).standardDeviation().orElse(unstated),
            best.standardDeviation().orElse(unstated));
    return new FailureObservation(
        inTraining,
        new Measured(
            rewards.get(0).value(),
            rewards.subList(1, rewards.size()).stream().map(Reward::value).toList(),
            error),
        "rewards of " + objective.id());
  }
}
