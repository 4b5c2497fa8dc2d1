package org.alignment4j.rlhf;

import java.util.List;
import java.util.OptionalDouble;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.reward.RewardModel;
import org.apiguardian.api.API;

/**
 * What reinforcement learning maximises: a number for each answer, from its text or from its
 * tokens. Safe for concurrent calls.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface RewardFunction {

  /**
   * Returns what metrics and messages call it.
   *
   * @return a short name, the same in every process
   */
  String name();

  /**
   * Scores answers.
   *
   * @param answers all of one step
   * @param cancellation asks to stop
   * @return one number per answer, in order; empty for an answer it does not apply to
   */
  List<OptionalDouble> score(List<Rollout> answers, CancellationToken cancellation);

  /**
   * Returns a reward model as a reward function.
   *
   * @param name what metrics call it
   * @param model scores the text of answers
   * @return the function
   */
  static RewardFunction of(String name, RewardModel model) {
    return new RewardFunction() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public List<OptionalDouble> score(List<Rollout> answers, CancellationToken cancellation) {
        return model.score(answers.stream().map(Rollout::answer).toList(), cancellation).stream()
            .map(reward -> OptionalDouble.of(reward.value()))
            .toList();
      }
    };
  }

  /**
   * Returns a function of single answers.
   *
   * @param name what metrics call it
   * @param score the reward of an answer
   * @return the function
   */
  static RewardFunction each(String name, java.util.function.ToDoubleFunction<Rollout> score) {
    return new RewardFunction() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public List<OptionalDouble> score(List<Rollout> answers, CancellationToken cancellation) {
        return answers.stream().map(a -> OptionalDouble.of(score.applyAsDouble(a))).toList();
      }
    };
  }
}
