package org.alignment4j.rlhf;

import java.util.Objects;
import org.alignment4j.runtime.train.AdamWConfig;
import org.alignment4j.runtime.train.LatentAdversary;
import org.alignment4j.runtime.train.LearningRateSchedule;
import org.alignment4j.runtime.train.OptimizerConfig;
import org.alignment4j.runtime.train.Recomputation;
import org.alignment4j.runtime.train.TrainingNoise;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * How a run moves its weights. Immutable.
 *
 * @param optimizer which optimiser, and its settings
 * @param schedule the learning rate of each update; null rises linearly over the warm-up and falls
 *     linearly to 0, with the highest rate and the share of warm-up of {@link FineTuningOptions}
 * @param noise dropout and noise on embeddings
 * @param recomputation what the backward pass computes again instead of keeping it
 * @param adversary perturbs activations before each gradient; null for none
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Optimisation(
    OptimizerConfig optimizer,
    @Nullable LearningRateSchedule schedule,
    TrainingNoise noise,
    Recomputation recomputation,
    @Nullable LatentAdversary adversary) {

  /** Checks that what must be there is. */
  public Optimisation {
    Objects.requireNonNull(optimizer, "optimizer");
    Objects.requireNonNull(noise, "noise");
    Objects.requireNonNull(recomputation, "recomputation");
  }

  /**
   * Returns AdamW without decay, the linear schedule, no noise and no recomputation.
   *
   * @return the defaults
   */
  public static Optimisation standard() {
    return new Optimisation(
        AdamWConfig.defaults(), null, TrainingNoise.none(), Recomputation.NONE, null);
  }

  /**
   * Returns these settings with another optimiser.
   *
   * @param value which, and its settings
   * @return new settings
   */
  public Optimisation withOptimizer(OptimizerConfig value) {
    return new Optimisation(value, schedule, noise, recomputation, adversary);
  }

  /**
   * Returns these settings with another schedule.
   *
   * @param value the learning rate of each update, or null for the linear one
   * @return new settings
   */
  public Optimisation withSchedule(@Nullable LearningRateSchedule value) {
    return new Optimisation(optimizer, value, noise, recomputation, adversary);
  }

  /**
   * Returns these settings with other noise.
   *
   * @param value dropout and noise on embeddings
   * @return new settings
   */
  public Optimisation withNoise(TrainingNoise value) {
    return new Optimisation(optimizer, schedule, value, recomputation, adversary);
  }

  /**
   * Returns these settings with another choice between memory and time.
   *
   * @param value what the backward pass computes again; the results are the same
   * @return new settings
   */
  public Optimisation withRecomputation(Recomputation value) {
    return new Optimisation(optimizer, schedule, noise, value, adversary);
  }

  /**
   * Returns these settings with latent adversarial training.
   *
   * @param value perturbs activations before each gradient, or null for none
   * @return new settings
   */
  public Optimisation withAdversary(@Nullable LatentAdversary value) {
    return new Optimisation(optimizer, schedule, noise, recomputation, value);
  }
}
