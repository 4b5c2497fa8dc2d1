package org.alignment4j.rlhf;

import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ProgressListener;
import org.alignment4j.rlhf.data.SequenceLimits;
import org.alignment4j.runtime.train.EarlyStopping;
import org.alignment4j.runtime.train.LatentAdversary;
import org.alignment4j.runtime.train.LearningRateSchedule;
import org.alignment4j.runtime.train.LoraConfig;
import org.alignment4j.runtime.train.MetricsListener;
import org.alignment4j.runtime.train.OptimizerConfig;
import org.alignment4j.runtime.train.Recomputation;
import org.alignment4j.runtime.train.TrainingNoise;
import org.apiguardian.api.API;

/**
 * Settings that every trainer has, set one by one. Trainers are immutable: each setting gives a new
 * trainer.
 *
 * @param <T> the trainer
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public abstract sealed class TrainerSettings<T>
    permits SftTrainer,
        ReferencedTrainer,
        RewardModelTrainer,
        CringeTrainer,
        HindsightTrainer,
        RankingRewardTrainer,
        CostModelTrainer,
        OutcomeRewardTrainer,
        SoftLabelTrainer,
        StepRewardTrainer,
        RaftTrainer {

  private final FineTuningOptions options;

  TrainerSettings(FineTuningOptions options) {
    this.options = options;
  }

  /** Returns the present settings. */
  public FineTuningOptions options() {
    return options;
  }

  /** Returns a trainer with these settings in place of all present ones. */
  public abstract T options(FineTuningOptions newOptions);

  /**
   * Returns a trainer of a low-rank adapter, such as {@code Lora.rank(16)}. A model that has an
   * adapter already is trained further by that one, over weights that stay as they are, so that the
   * new adapter alone makes the trained model of the base model: the settings must then be those of
   * the adapter, {@code model.adapter().config()}, whose seed and targets that the model lacks do
   * not matter, and training refuses others with {@link IllegalArgumentException}. Begin another
   * adapter over {@code model.merged()}. Without this setting every weight is trained, and an
   * adapter that the model has is merged first. Parameters that an adapter brought whole stay as
   * they are.
   */
  public T adapter(LoraConfig config) {
    return options(options.withAdapter(config));
  }

  /** Returns a trainer that keeps checkpoints and metrics in a folder, and resumes from it. */
  public T runFolder(Path folder) {
    return options(options.withRunFolder(folder));
  }

  /** Returns a trainer that tells a listener how far it is. */
  public T onProgress(ProgressListener listener) {
    return options(options.withProgress(listener));
  }

  /** Returns a trainer that stops when asked to. */
  public T cancellation(CancellationToken token) {
    return options(options.withCancellation(token));
  }

  /**
   * Returns a trainer whose optimiser uses other threads, by default one per processor, of the
   * common pool. Results do not depend on them.
   *
   * @param executor runs those besides the calling one
   * @param threads how many, the calling one included; at least 1
   */
  public T executor(Executor executor, int threads) {
    return options(options.withExecutor(executor, threads));
  }

  /**
   * Returns a trainer that takes the time of its progress from another clock than the system's.
   *
   * @param clock in nanoseconds from any origin; never goes back
   */
  public T nanoClock(LongSupplier clock) {
    return options(options.withNanoClock(clock));
  }

  /** Returns a trainer with another seed of the examples' order. */
  public T seed(long seed) {
    return options(options.withSeed(seed));
  }

  /** Returns a trainer that passes so often over the examples. */
  public T epochs(int epochs) {
    return options(options.withEpochs(epochs));
  }

  /** Returns a trainer with so many examples per update. */
  public T batchSize(int examples) {
    return options(options.withBatchSize(examples));
  }

  /**
   * Returns a trainer with another highest learning rate of the linear decay, in place of a
   * schedule set before.
   */
  public T learningRate(double rate) {
    return options(options.withLearningRate(rate));
  }

  /** Returns a trainer with limits of the examples' length. */
  public T limits(SequenceLimits limits) {
    return options(options.withLimits(limits));
  }

  /**
   * Returns a trainer that saves a checkpoint after so many steps, which are updates, but of {@link
   * PolicyTrainer} steps with all their updates. {@link RaftTrainer} keeps every iteration, and
   * counts the updates of the supervised training in it.
   */
  public T checkpointEvery(int steps) {
    return options(options.withCheckpointEvery(steps));
  }

  /** Returns a trainer with another optimiser, such as {@code LionConfig.defaults()}. */
  public T optimizer(OptimizerConfig config) {
    return options(options.withOptimisation(options.optimisation().withOptimizer(config)));
  }

  /**
   * Returns a trainer with another learning rate at each update, in place of the linear decay and
   * of a highest rate set before; {@link #learningRate} set after it takes its place.
   */
  public T schedule(LearningRateSchedule schedule) {
    return options(options.withOptimisation(options.optimisation().withSchedule(schedule)));
  }

  /**
   * Returns a trainer with dropout or noise on embeddings. Training refuses dropout of what
   * adapters read, with {@link IllegalArgumentException}, where no adapter is trained.
   */
  public T noise(TrainingNoise noise) {
    return options(options.withOptimisation(options.optimisation().withNoise(noise)));
  }

  /**
   * Returns a trainer of latent adversarial training: an adversary perturbs activations before each
   * gradient, and the model learns to be good in spite of it. Metrics tell {@code adversary/loss},
   * {@code adversary/start_loss} and {@code adversary/clean_loss}. Training refuses hook points
   * that the model lacks with {@link IllegalArgumentException}.
   */
  public T adversary(LatentAdversary adversary) {
    return options(options.withOptimisation(options.optimisation().withAdversary(adversary)));
  }

  /** Returns a trainer that needs less memory and more time, with the same results. */
  public T recomputation(Recomputation recomputation) {
    return options(
        options.withOptimisation(options.optimisation().withRecomputation(recomputation)));
  }

  /** Returns a trainer that reports the metrics of each step, such as to TensorBoard's files. */
  public T onMetrics(MetricsListener listener) {
    return options(options.withMetrics(listener));
  }

  /**
   * Returns a trainer that evaluates the model while it trains it. Metrics are named {@code
   * eval/NAME/METRIC}; a failing evaluation ends the run, which does it again when it continues.
   * Training refuses an evaluation of another kind of model with {@link IllegalArgumentException}.
   */
  public T evaluate(Evaluation evaluation) {
    return options(options.withMonitoring(options.monitoring().and(evaluation)));
  }

  /**
   * Returns a trainer that ends once a metric has not improved for a while, such as {@code
   * EarlyStopping.minimise("eval/held-out/loss", 3)}.
   */
  public T stopEarly(EarlyStopping rule) {
    return options(options.withMonitoring(options.monitoring().withStopping(rule)));
  }

  /** Returns a trainer of a language model that keeps samples of what the model writes. */
  public T logSamples(SampleLog samples) {
    return options(options.withMonitoring(options.monitoring().withSamples(samples)));
  }
}
