package org.alignment4j.rlhf.reward;

import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.RewardModel;
import org.alignment4j.rlhf.advantage.RunningMoments;
import org.alignment4j.rlhf.advantage.Variance;
import org.apiguardian.api.API;

/**
 * A fixed shift and scale of rewards, {@code (x − shift)/scale}, usually those that give a
 * reference set of answers mean 0 and standard deviation 1. Immutable and thread-safe.
 *
 * @param shift what is taken off, finite
 * @param scale by what the rest is divided, positive and finite
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RewardScale(double shift, double scale) {

  /** Leaves rewards as they are. */
  public static final RewardScale NONE = new RewardScale(0, 1);

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when a value is out of range
   */
  public RewardScale {
    if (!Double.isFinite(shift) || !(scale > 0) || Double.isInfinite(scale)) {
      throw new IllegalArgumentException(
          "shift must be finite and scale positive and finite but they were %s and %s"
              .formatted(shift, scale));
    }
  }

  /**
   * Returns the scale that gives rewards mean 0 and standard deviation 1 (divisor n − 1).
   *
   * @param rewards of a reference set, at least two, not all equal
   * @return the scale
   * @throws IllegalArgumentException when there are too few rewards, all are equal or one is not
   *     finite
   */
  public static RewardScale of(double... rewards) {
    for (int i = 0; i < rewards.length; i++) {
      if (!Double.isFinite(rewards[i])) {
        throw new IllegalArgumentException(
            "rewards[%s] must be finite but was %s".formatted(i, rewards[i]));
      }
    }
    RunningMoments moments = RunningMoments.of(rewards);
    double deviation = Math.sqrt(moments.variance(Variance.BESSEL));
    if (!(deviation > 0)) {
      throw new IllegalArgumentException(
          "rewards must be at least two and differ but %s reference rewards do not vary; take a"
                  .formatted(rewards.length)
              + " larger reference set");
    }
    return new RewardScale(moments.mean(), deviation);
  }

  /**
   * Returns the scale that gives a model's rewards of a reference set mean 0 and standard deviation
   * 1.
   *
   * @param model what scores
   * @param reference at least two answers whose rewards differ
   * @param cancellation asks to stop
   * @return the scale
   * @throws IllegalArgumentException as {@link #of(double...)}
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  public static RewardScale of(
      RewardModel model, List<PromptCompletion> reference, CancellationToken cancellation) {
    return of(Members.scores(model.id(), model, reference, cancellation));
  }

  /**
   * Scales a reward.
   *
   * @param reward the reward
   * @return the reward on the new scale
   */
  public double apply(double reward) {
    return (reward - shift) / scale;
  }
}
