package org.alignment4j.rlhf.study;

import java.util.List;
import java.util.OptionalDouble;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.rlhf.RewardFunction;
import org.alignment4j.rlhf.Rollout;

/** Rewards of sampled answers. */
final class Scores {

  private Scores() {}

  /**
   * Scores answers; NaN where the function does not apply.
   *
   * @throws ModelExecutionException when a reward is not finite, naming function, prompt and sample
   */
  static double[] of(
      RewardFunction function, List<Rollout> answers, CancellationToken cancellation) {
    List<OptionalDouble> scores = function.score(answers, cancellation);
    if (scores.size() != answers.size()) {
      throw new IllegalStateException(
          "reward '%s' must score each of %s answers but gave %s scores"
              .formatted(function.name(), answers.size(), scores.size()));
    }
    double[] values = new double[answers.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = scores.get(i).orElse(Double.NaN);
      if (scores.get(i).isPresent() && !Double.isFinite(values[i])) {
        throw new ModelExecutionException(
            "reward '%s' must be finite but that of sample %s of prompt %s was %s"
                .formatted(
                    function.name(), answers.get(i).sample(), answers.get(i).prompt(), values[i]));
      }
    }
    return values;
  }

  /**
   * Scores answers by a function that must apply to each.
   *
   * @throws ModelExecutionException when it does not, or a reward is not finite
   */
  static double[] all(
      RewardFunction function, List<Rollout> answers, CancellationToken cancellation) {
    double[] values = of(function, answers, cancellation);
    for (int i = 0; i < values.length; i++) {
      if (Double.isNaN(values[i])) {
        throw new ModelExecutionException(
            "reward '%s' must apply to every answer but gave none to sample %s of prompt %s"
                .formatted(function.name(), answers.get(i).sample(), answers.get(i).prompt()));
      }
    }
    return values;
  }
}
