package org.alignment4j.rlhf;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.alignment4j.rlhf.advantage.RewardClip;
import org.alignment4j.rlhf.advantage.RewardComponent;
import org.alignment4j.rlhf.advantage.RunningMoments;
import org.alignment4j.rlhf.advantage.SequenceRewards;
import org.alignment4j.rlhf.advantage.Variance;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Brings rewards to mean 0 and variance 1 over all completions of the training so far, those of the
 * step included (TRL v0.11 {@code use_score_scaling}, {@code use_score_norm}, {@code score_clip}).
 * A run folder keeps the moments. Metrics tell the rewards as they were. Greedy completions, which
 * {@link PolicyVariants#reMax()} compares with, are brought to the same scale and do not count in
 * it. Immutable.
 *
 * @param variance the divisor
 * @param clip bound on the result; null for none
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RewardNormaliser(Variance variance, @Nullable RewardClip clip) {

  /**
   * Rewards brought to scale.
   *
   * @param rewards what advantages are made of
   * @param moments of all rewards so far
   */
  record Normalised(SequenceRewards rewards, RunningMoments moments) {}

  /** Checks that the divisor is there. */
  public RewardNormaliser {
    Objects.requireNonNull(variance, "variance");
  }

  /**
   * Returns the normaliser without a bound.
   *
   * @return the normaliser
   */
  public static RewardNormaliser unbounded() {
    return new RewardNormaliser(Variance.BESSEL, null);
  }

  /** The rewards of a step and the moments with it; without a normaliser both as they are. */
  static Normalised apply(
      @Nullable RewardNormaliser normaliser, RunningMoments before, SequenceRewards rewards) {
    return normaliser == null
        ? new Normalised(rewards, before)
        : normaliser.normalised(before, rewards);
  }

  /** Rewards on the scale of those whose moments are given, among which they do not count. */
  double[] scaled(RunningMoments moments, double[] rewards) {
    double[] scaled = moments.normalise(rewards, variance);
    return clip == null ? scaled : clip.apply(scaled);
  }

  private Normalised normalised(RunningMoments before, SequenceRewards rewards) {
    double[] totals = rewards.totals();
    List<Integer> present = new ArrayList<>();
    for (int s = 0; s < totals.length; s++) {
      if (rewards.present(s)) {
        present.add(s);
      }
    }
    double[] given = present.stream().mapToDouble(s -> totals[s]).toArray();
    RunningMoments moments = before.merge(RunningMoments.of(given));
    double[] bounded = scaled(moments, given);
    List<@Nullable Double> values = new ArrayList<>();
    for (int s = 0; s < totals.length; s++) {
      values.add(null);
    }
    for (int i = 0; i < bounded.length; i++) {
      values.set(present.get(i), bounded[i]);
    }
    return new Normalised(
        SequenceRewards.of(rewards.step(), List.of(new RewardComponent("normalised", 1, values))),
        moments);
  }
}
