package org.alignment4j.rlhf;

import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ProgressListener;
import org.alignment4j.rlhf.data.SequenceLimits;
import org.alignment4j.runtime.train.LoraConfig;
import org.alignment4j.runtime.train.MetricsListener;
import org.alignment4j.runtime.train.TrainingContext;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * What supervised and preference runs share.
 *
 * @param seed decides the order of examples
 * @param epochs passes over the examples, at least 1
 * @param batchSize examples per update, at least 1
 * @param learningRate highest rate of a linear decay to zero, positive; not read where {@code
 *     optimisation} has a schedule
 * @param warmUpShare share of the updates in which the rate rises from zero, in [0, 1); not read
 *     either
 * @param maxGradientNorm where gradients are clipped, positive; infinity never clips
 * @param adapter settings of the adapter to train, those of the adapter that the model has where it
 *     has one; null trains every weight, an adapter merged first
 * @param limits how long examples may be; null takes the model's context, at most 1024 tokens
 * @param runFolder where checkpoints and metrics go, and from where an interrupted run resumes;
 *     null keeps nothing
 * @param checkpointEvery steps between checkpoints, at least 1; see {@link
 *     TrainerSettings#checkpointEvery}
 * @param execution executor, clock, listeners and what asks to stop at the next update; none of
 *     them changes what is trained
 * @param optimisation optimiser, schedule and noise
 * @param monitoring evaluations, samples and early stopping
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record FineTuningOptions(
    long seed,
    int epochs,
    int batchSize,
    double learningRate,
    double warmUpShare,
    double maxGradientNorm,
    @Nullable LoraConfig adapter,
    @Nullable SequenceLimits limits,
    @Nullable Path runFolder,
    int checkpointEvery,
    TrainingContext execution,
    Optimisation optimisation,
    Monitoring monitoring) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when one is out of range
   */
  public FineTuningOptions {
    requirePositive("epochs", epochs);
    requirePositive("batchSize", batchSize);
    requirePositive("checkpointEvery", checkpointEvery);
    requirePositive("maxGradientNorm", maxGradientNorm);
    requirePositive("learningRate", learningRate);
    if (Double.isInfinite(learningRate)) {
      throw new IllegalArgumentException("learningRate must be finite but was " + learningRate);
    }
    if (!(warmUpShare >= 0 && warmUpShare < 1)) {
      throw new IllegalArgumentException("warmUpShare must be in [0, 1) but was " + warmUpShare);
    }
    Objects.requireNonNull(execution, "execution");
    Objects.requireNonNull(optimisation, "optimisation");
    Objects.requireNonNull(monitoring, "monitoring");
  }

  private static void requirePositive(String name, double value) {
    if (!(value > 0)) {
      throw new IllegalArgumentException(name + " must be positive but was " + value);
    }
  }

  /**
   * Returns one epoch in batches of 16 with seed 0, training every weight and keeping nothing.
   *
   * @param learningRate highest learning rate, positive
   * @return the options
   */
  public static FineTuningOptions of(double learningRate) {
    return new FineTuningOptions(
        0,
        1,
        16,
        learningRate,
        0.1,
        1,
        null,
        null,
        null,
        100,
        TrainingContext.defaults(),
        Optimisation.standard(),
        Monitoring.none());
  }

  /** Returns who hears how far the run is. */
  public ProgressListener progress() {
    return execution.progress();
  }

  /** Returns what asks to stop at the next update. */
  public CancellationToken cancellation() {
    return execution.cancellation();
  }

  /** Returns who hears the metrics of each step. */
  public MetricsListener metrics() {
    return execution.metrics();
  }

  /** Returns these options with another seed. */
  public FineTuningOptions withSeed(long value) {
    return with(draft -> draft.seed = value);
  }

  /** Returns these options with another number of epochs. */
  public FineTuningOptions withEpochs(int value) {
    return with(draft -> draft.epochs = value);
  }

  /** Returns these options with another number of examples per update. */
  public FineTuningOptions withBatchSize(int value) {
    return with(draft -> draft.batchSize = value);
  }

  /**
   * Returns these options with another highest rate of the linear decay, in place of a schedule
   * that they may have: the last of this and {@link Optimisation#schedule} decides.
   */
  public FineTuningOptions withLearningRate(double value) {
    return with(draft -> draft.learningRate = value)
        .withOptimisation(optimisation.withSchedule(null));
  }

  /** Returns these options with an adapter to train, or with null to train every weight. */
  public FineTuningOptions withAdapter(@Nullable LoraConfig value) {
    return with(draft -> draft.adapter = value);
  }

  /** Returns these options with limits of the examples' length. */
  public FineTuningOptions withLimits(@Nullable SequenceLimits value) {
    return with(draft -> draft.limits = value);
  }

  /** Returns these options with a run folder, or with null to keep nothing. */
  public FineTuningOptions withRunFolder(@Nullable Path value) {
    return with(draft -> draft.runFolder = value);
  }

  /** Returns these options with a listener of progress. */
  public FineTuningOptions withProgress(ProgressListener value) {
    return withExecution(execution.progress(value));
  }

  /** Returns these options with another number of steps between checkpoints. */
  public FineTuningOptions withCheckpointEvery(int value) {
    return with(draft -> draft.checkpointEvery = value);
  }

  /** Returns these options with something that asks to stop. */
  public FineTuningOptions withCancellation(CancellationToken value) {
    return withExecution(execution.cancellation(value));
  }

  /** Returns these options with another optimiser, schedule or noise. */
  public FineTuningOptions withOptimisation(Optimisation value) {
    return with(draft -> draft.optimisation = value);
  }

  /** Returns these options with another executor, clock, listeners and what asks to stop. */
  public FineTuningOptions withExecution(TrainingContext value) {
    return with(draft -> draft.execution = value);
  }

  /** Returns these options with other threads of the optimiser, the calling one counted. */
  public FineTuningOptions withExecutor(Executor executor, int threads) {
    return withExecution(execution.executor(executor, threads));
  }

  /** Returns these options with another clock, in nanoseconds, that never goes back. */
  public FineTuningOptions withNanoClock(LongSupplier value) {
    return withExecution(execution.nanoClock(value));
  }

  /** Returns these options with a listener to metrics. */
  public FineTuningOptions withMetrics(MetricsListener value) {
    return withExecution(execution.metrics(value));
  }

  /** Returns these options with other evaluations, samples and early stopping. */
  public FineTuningOptions withMonitoring(Monitoring value) {
    return with(draft -> draft.monitoring = value);
  }

  /** Returns these options with another share of warm-up and another gradient norm. */
  public FineTuningOptions withStability(double newWarmUpShare, double newMaxGradientNorm) {
    return with(
        draft -> {
          draft.warmUpShare = newWarmUpShare;
          draft.maxGradientNorm = newMaxGradientNorm;
        });
  }

  /** Returns these options with what a caller of a {@code Learner} gives. */
  public FineTuningOptions withContext(org.alignment4j.api.training.TrainingContext context) {
    return withSeed(context.seed())
        .withRunFolder(context.runFolder())
        .withProgress(context.progress())
        .withCancellation(context.cancellation());
  }

  private FineTuningOptions with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.options();
  }

  /** Options while one of them is changed. */
  private static final class Draft {
    private long seed;
    private int epochs;
    private int batchSize;
    private double learningRate;
    private double warmUpShare;
    private double maxGradientNorm;
    private @Nullable LoraConfig adapter;
    private @Nullable SequenceLimits limits;
    private @Nullable Path runFolder;
    private int checkpointEvery;
    private TrainingContext execution;
    private Optimisation optimisation;
    private Monitoring monitoring;

    private Draft(FineTuningOptions from) {
      seed = from.seed;
      epochs = from.epochs;
      batchSize = from.batchSize;
      learningRate = from.learningRate;
      warmUpShare = from.warmUpShare;
      maxGradientNorm = from.maxGradientNorm;
      adapter = from.adapter;
      limits = from.limits;
      runFolder = from.runFolder;
      checkpointEvery = from.checkpointEvery;
      execution = from.execution;
      optimisation = from.optimisation;
      monitoring = from.monitoring;
    }

    private FineTuningOptions options() {
      return new FineTuningOptions(
          seed,
          epochs,
          batchSize,
          learningRate,
          warmUpShare,
          maxGradientNorm,
          adapter,
          limits,
          runFolder,
          checkpointEvery,
          execution,
          optimisation,
          monitoring);
    }
  }
}
