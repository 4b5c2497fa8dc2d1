package org.alignment4j.interp.feature.train;

import java.util.Objects;
import java.util.Optional;
import org.alignment4j.runtime.train.AdamWConfig;
import org.alignment4j.runtime.train.EarlyStopping;
import org.alignment4j.runtime.train.LearningRateSchedule;
import org.apiguardian.api.API;

/**
 * How a sparse autoencoder is trained. Immutable.
 *
 * @param steps updates, at least 1
 * @param batchRows rows of an update
 * @param bufferRows rows that are mixed, at least {@code batchRows}
 * @param schedule the learning rate
 * @param optimizer settings of Adam
 * @param maxGradientNorm gradients are shrunk to this norm when theirs is larger; positive
 * @param deadWindow a feature that was zero at every row of more than this many updates is dead
 * @param resampling how dead features come back; empty leaves them to the variant's own loss
 * @param scaleRows rows over which the mean norm is taken under {@code expected_average_only_in}
 * @param checkpointEvery updates between two checkpoints
 * @param checkpointsKept how many of the newest stay
 * @param stopping when the run ends early, on a metric of its steps
 * @param seed of the weights at the start, the order of rows and resampling
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SaeTrainingOptions(
    long steps,
    int batchRows,
    int bufferRows,
    LearningRateSchedule schedule,
    AdamWConfig optimizer,
    double maxGradientNorm,
    int deadWindow,
    Optional<Resampling> resampling,
    int scaleRows,
    long checkpointEvery,
    int checkpointsKept,
    Optional<EarlyStopping> stopping,
    long seed) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when one is out of range
   */
  public SaeTrainingOptions {
    Objects.requireNonNull(schedule, "schedule");
    Objects.requireNonNull(optimizer, "optimizer");
    Objects.requireNonNull(resampling, "resampling");
    Objects.requireNonNull(stopping, "stopping");
    Checks.positive("steps", steps);
    Checks.positive("batchRows", batchRows);
    if (bufferRows < batchRows) {
      throw new IllegalArgumentException(
          "bufferRows must be at least batchRows " + batchRows + " but was " + bufferRows);
    }
    if (!(maxGradientNorm > 0)) {
      throw new IllegalArgumentException(
          "maxGradientNorm must be positive but was " + maxGradientNorm);
    }
    Checks.positive("deadWindow", deadWindow);
    Checks.positive("scaleRows", scaleRows);
    Checks.positive("checkpointEvery", checkpointEvery);
    Checks.positive("checkpointsKept", checkpointsKept);
  }

  /**
   * Returns the usual settings: 4096 rows an update out of 16 times as many, Adam with betas 0.9
   * and 0.999 at a constant rate of 3e-4, gradients of norm 1 at most, dead after 1000 updates, no
   * resampling, seed 0.
   *
   * @param steps updates
   * @return the settings
   * @throws IllegalArgumentException when there is no step
   */
  public static SaeTrainingOptions defaults(long steps) {
    return new SaeTrainingOptions(
        steps,
        4096,
        16 * 4096,
        LearningRateSchedule.constant(3e-4),
        AdamWConfig.defaults(),
        1,
        1000,
        Optional.empty(),
        16 * 4096,
        1000,
        2,
        Optional.empty(),
        0);
  }

  /**
   * Returns these settings with other rows.
   *
   * @param ofBatch rows of an update
   * @param ofBuffer rows that are mixed
   * @return new settings
   */
  public SaeTrainingOptions rows(int ofBatch, int ofBuffer) {
    return new SaeTrainingOptions(
        steps,
        ofBatch,
        ofBuffer,
        schedule,
        optimizer,
        maxGradientNorm,
        deadWindow,
        resampling,
        scaleRows,
        checkpointEvery,
        checkpointsKept,
        stopping,
        seed);
  }

  /**
   * Returns these settings with another learning rate.
   *
   * @param rate the schedule
   * @return new settings
   */
  public SaeTrainingOptions schedule(LearningRateSchedule rate) {
    return new SaeTrainingOptions(
        steps,
        batchRows,
        bufferRows,
        rate,
        optimizer,
        maxGradientNorm,
        deadWindow,
        resampling,
        scaleRows,
        checkpointEvery,
        checkpointsKept,
        stopping,
        seed);
  }

  /**
   * Returns these settings with another treatment of dead features.
   *
   * @param window updates without activity after which a feature is dead
   * @param how how they come back
   * @return new settings
   */
  public SaeTrainingOptions dead(int window, Optional<Resampling> how) {
    return new SaeTrainingOptions(
        steps,
        batchRows,
        bufferRows,
        schedule,
        optimizer,
        maxGradientNorm,
        window,
        how,
        scaleRows,
        checkpointEvery,
        checkpointsKept,
        stopping,
        seed);
  }

  /**
   * Returns these settings with other checkpoints.
   *
   * @param every updates between two
   * @param kept how many of the newest stay
   * @return new settings
   */
  public SaeTrainingOptions checkpoints(long every, int kept) {
    return new SaeTrainingOptions(
        steps,
        batchRows,
        bufferRows,
        schedule,
        optimizer,
        maxGradientNorm,
        deadWindow,
        resampling,
        scaleRows,
        every,
        kept,
        stopping,
        seed);
  }

  /**
   * Returns these settings with an early end.
   *
   * @param rule when the run ends
   * @return new settings
   */
  public SaeTrainingOptions stopping(EarlyStopping rule) {
    return new SaeTrainingOptions(
        steps,
        batchRows,
        bufferRows,
        schedule,
        optimizer,
        maxGradientNorm,
        deadWindow,
        resampling,
        scaleRows,
        checkpointEvery,
        checkpointsKept,
        Optional.of(rule),
        seed);
  }

  /**
   * Returns these settings with another seed.
   *
   * @param other the seed
   * @return new settings
   */
  public SaeTrainingOptions seed(long other) {
    return new SaeTrainingOptions(
        steps,
        batchRows,
        bufferRows,
        schedule,
        optimizer,
        maxGradientNorm,
        deadWindow,
        resampling,
        scaleRows,
        checkpointEvery,
        checkpointsKept,
        stopping,
        other);
  }
}
