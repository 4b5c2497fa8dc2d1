package org.alignment4j.runtime.train;

import java.util.Optional;
import org.apiguardian.api.API;

/**
 * How a run optimises and how often it saves. Immutable and thread-safe.
 *
 * @param optimizer which optimiser, and its settings
 * @param schedule the learning rate
 * @param maxGradientNorm gradients are shrunk to this global norm when theirs is larger; positive
 *     infinity never clips
 * @param checkpointEvery updates between two checkpoints, at least 1; the last is always saved
 * @param checkpointsKept how many of the newest checkpoints to keep, at least 1
 * @param noise dropout and noise on embeddings
 * @param recomputation what the backward pass computes again to save memory
 * @param hooks what happens between updates, and when the run ends early
 * @param adversary perturbs activations before each gradient; empty for none
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record TrainingOptions(
    OptimizerConfig optimizer,
    LearningRateSchedule schedule,
    double maxGradientNorm,
    long checkpointEvery,
    int checkpointsKept,
    TrainingNoise noise,
    Recomputation recomputation,
    RunHooks hooks,
    Optional<LatentAdversary> adversary) {

  private static final long CHECKPOINT_EVERY = 100;
  private static final int CHECKPOINTS_KEPT = 2;

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when the norm is not positive, or a number of checkpoints is
   *     below 1
   */
  public TrainingOptions {
    if (!(maxGradientNorm > 0)) {
      throw new IllegalArgumentException(
          "maxGradientNorm must be positive but was " + maxGradientNorm);
    }
    if (checkpointEvery < 1 || checkpointsKept < 1) {
      throw new IllegalArgumentException(
          "checkpointEvery and checkpointsKept must be at least 1 but were "
              + checkpointEvery
              + " and "
              + checkpointsKept);
    }
  }

  /**
   * Makes options without recomputation and hooks.
   *
   * @param optimizer which optimiser, and its settings
   * @param schedule the learning rate
   * @param maxGradientNorm where gradients are clipped
   * @param checkpointEvery updates between two checkpoints
   * @param checkpointsKept how many of the newest to keep
   * @param noise dropout and noise on embeddings
   * @throws IllegalArgumentException when the norm is not positive, or a number of checkpoints is
   *     below 1
   */
  public TrainingOptions(
      OptimizerConfig optimizer,
      LearningRateSchedule schedule,
      double maxGradientNorm,
      long checkpointEvery,
      int checkpointsKept,
      TrainingNoise noise) {
    this(
        optimizer,
        schedule,
        maxGradientNorm,
        checkpointEvery,
        checkpointsKept,
        noise,
        Recomputation.NONE,
        RunHooks.none(),
        Optional.empty());
  }

  /**
   * Makes options without noise, recomputation and hooks.
   *
   * @param optimizer which optimiser, and its settings
   * @param schedule the learning rate
   * @param maxGradientNorm where gradients are clipped
   * @param checkpointEvery updates between two checkpoints
   * @param checkpointsKept how many of the newest to keep
   * @throws IllegalArgumentException when the norm is not positive, or a number of checkpoints is
   *     below 1
   */
  public TrainingOptions(
      OptimizerConfig optimizer,
      LearningRateSchedule schedule,
      double maxGradientNorm,
      long checkpointEvery,
      int checkpointsKept) {
    this(
        optimizer,
        schedule,
        maxGradientNorm,
        checkpointEvery,
        checkpointsKept,
        TrainingNoise.none());
  }

  /**
   * Returns the default AdamW, clipping at norm 1, and a checkpoint every 100 updates of which two
   * are kept.
   *
   * @param schedule the learning rate
   * @return the options
   */
  public static TrainingOptions of(LearningRateSchedule schedule) {
    return new TrainingOptions(
        AdamWConfig.defaults(),
        schedule,
        1,
        CHECKPOINT_EVERY,
        CHECKPOINTS_KEPT,
        TrainingNoise.none());
  }

  /**
   * Returns these options with another optimiser.
   *
   * @param config which, and its settings
   * @return new options
   */
  public TrainingOptions optimizer(OptimizerConfig config) {
    return new TrainingOptions(
        config,
        schedule,
        maxGradientNorm,
        checkpointEvery,
        checkpointsKept,
        noise,
        recomputation,
        hooks,
        adversary);
  }

  /**
   * Returns these options with another clipping norm.
   *
   * @param norm positive; positive infinity never clips
   * @return new options
   * @throws IllegalArgumentException when it is not positive
   */
  public TrainingOptions maxGradientNorm(double norm) {
    return new TrainingOptions(
        optimizer,
        schedule,
        norm,
        checkpointEvery,
        checkpointsKept,
        noise,
        recomputation,
        hooks,
        adversary);
  }

  /**
   * Returns these options with other checkpoints.
   *
   * @param every updates between two, at least 1
   * @param kept how many of the newest to keep, at least 1
   * @return new options
   * @throws IllegalArgumentException when one is below 1
   */
  public TrainingOptions checkpoints(long every, int kept) {
    return new TrainingOptions(
        optimizer, schedule, maxGradientNorm, every, kept, noise, recomputation, hooks, adversary);
  }

  /**
   * Returns these options with dropout or noise on embeddings.
   *
   * @param newNoise what the run draws
   * @return new options
   */
  public TrainingOptions noise(TrainingNoise newNoise) {
    return new TrainingOptions(
        optimizer,
        schedule,
        maxGradientNorm,
        checkpointEvery,
        checkpointsKept,
        newNoise,
        recomputation,
        hooks,
        adversary);
  }

  /**
   * Returns these options with another balance of time and memory. The trained weights do not
   * depend on it, so a run that was stopped for lack of memory continues with it from its
   * checkpoint.
   *
   * @param what what the backward pass computes again
   * @return new options
   */
  public TrainingOptions recomputation(Recomputation what) {
    return new TrainingOptions(
        optimizer,
        schedule,
        maxGradientNorm,
        checkpointEvery,
        checkpointsKept,
        noise,
        what,
        hooks,
        adversary);
  }

  /**
   * Returns these options with something between updates.
   *
   * @param newHooks what happens, and when the run ends early
   * @return new options
   */
  public TrainingOptions hooks(RunHooks newHooks) {
    return new TrainingOptions(
        optimizer,
        schedule,
        maxGradientNorm,
        checkpointEvery,
        checkpointsKept,
        noise,
        recomputation,
        newHooks,
        adversary);
  }

  /**
   * Returns these options with an adversary, which makes an update take a forward and a backward
   * pass more for each of its steps, and one more for the clean loss.
   *
   * @param perturbing perturbs activations before each gradient; empty for none
   * @return new options
   */
  public TrainingOptions adversary(Optional<LatentAdversary> perturbing) {
    return new TrainingOptions(
        optimizer,
        schedule,
        maxGradientNorm,
        checkpointEvery,
        checkpointsKept,
        noise,
        recomputation,
        hooks,
        perturbing);
  }
}
