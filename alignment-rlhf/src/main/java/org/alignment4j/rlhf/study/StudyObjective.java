package org.alignment4j.rlhf.study;

import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.rlhf.RewardFunction;
import org.alignment4j.rlhf.Rollout;

/** What counts in a Pareto study: a function of answers, and what its scores tell of a policy. */
sealed interface StudyObjective {

  RewardFunction function();

  default String name() {
    return function().name();
  }

  /**
   * Scores answers; NaN where the function does not apply.
   *
   * @throws ModelExecutionException when a score cannot be, naming function, prompt and sample
   */
  double[] scores(List<Rollout> answers, CancellationToken cancellation);

  /**
   * The mean of scores with its interval.
   *
   * @param scores of answers
   * @param prompts the prompt of each; answers to one prompt depend on each other
   */
  Estimate estimate(double[] scores, int[] prompts);

  /** Scores of any size. */
  record OfRewards(RewardFunction function) implements StudyObjective {
    @Override
    public double[] scores(List<Rollout> answers, CancellationToken cancellation) {
      return Scores.of(function, answers, cancellation);
    }

    @Override
    public Estimate estimate(double[] scores, int[] prompts) {
      return Estimates.clusteredMean(scores, prompts);
    }
  }

  /** Scores from 0, a failure, to 1, a success, whose mean is a share. */
  record OfShares(RewardFunction function) implements StudyObjective {
    @Override
    public double[] scores(List<Rollout> answers, CancellationToken cancellation) {
      double[] scores = Scores.of(function, answers, cancellation);
      for (int i = 0; i < scores.length; i++) {
        if (scores[i] < 0 || scores[i] > 1) {
          throw new ModelExecutionException(
              "share '%s' must be of scores from 0 to 1 but that of sample %s of prompt %s was %s; give it by objective(…)"
                  .formatted(name(), answers.get(i).sample(), answers.get(i).prompt(), scores[i]));
        }
      }
      return scores;
    }

    @Override
    public Estimate estimate(double[] scores, int[] prompts) {
      return Estimates.clusteredProportion(scores, prompts);
    }
  }
}
