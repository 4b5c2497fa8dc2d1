package org.alignment4j.runtime.train;

import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.function.LongSupplier;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ProgressListener;
import org.apiguardian.api.API;

/**
 * What surrounds a run and does not change its result.
 *
 * @param executor runs the threads of the optimiser besides the calling one
 * @param threads how many threads the optimiser uses, the calling one included; at least 1
 * @param progress who is told how far the run has come
 * @param cancellation asks the run to stop; it is looked at before every step
 * @param nanoClock a clock that never goes back, such as {@code System::nanoTime}
 * @param metrics who hears the metrics of each update
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record TrainingContext(
    Executor executor,
    int threads,
    ProgressListener progress,
    CancellationToken cancellation,
    LongSupplier nanoClock,
    MetricsListener metrics) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when there is no thread
   */
  public TrainingContext {
    Objects.requireNonNull(executor, "executor");
    Objects.requireNonNull(progress, "progress");
    Objects.requireNonNull(cancellation, "cancellation");
    Objects.requireNonNull(nanoClock, "nanoClock");
    Objects.requireNonNull(metrics, "metrics");
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1 but was " + threads);
    }
  }

  /**
   * Surrounds a run whose metrics nobody hears.
   *
   * @param executor runs the threads of the optimiser besides the calling one
   * @param threads how many threads the optimiser uses, the calling one included; at least 1
   * @param progress who is told how far the run has come
   * @param cancellation asks the run to stop
   * @param nanoClock a clock that never goes back
   */
  public TrainingContext(
      Executor executor,
      int threads,
      ProgressListener progress,
      CancellationToken cancellation,
      LongSupplier nanoClock) {
    this(executor, threads, progress, cancellation, nanoClock, MetricsListener.none());
  }

  /**
   * Returns the common pool, one thread per processor, the system's clock, and nobody listening.
   *
   * @return the defaults
   */
  public static TrainingContext defaults() {
    return new TrainingContext(
        ForkJoinPool.commonPool(),
        Runtime.getRuntime().availableProcessors(),
        ProgressListener.none(),
        CancellationToken.none(),
        System::nanoTime);
  }

  /**
   * Returns this context with other threads of the optimiser.
   *
   * @param other runs those besides the calling one
   * @param count how many, the calling one included; at least 1
   * @return a new context
   * @throws IllegalArgumentException when there is no thread
   */
  public TrainingContext executor(Executor other, int count) {
    return new TrainingContext(other, count, progress, cancellation, nanoClock, metrics);
  }

  /**
   * Returns this context with another clock.
   *
   * @param clock in nanoseconds from any origin; never goes back
   * @return a new context
   */
  public TrainingContext nanoClock(LongSupplier clock) {
    return new TrainingContext(executor, threads, progress, cancellation, clock, metrics);
  }

  /**
   * Returns this context with a listener.
   *
   * @param listener who is told
   * @return a new context
   */
  public TrainingContext progress(ProgressListener listener) {
    return new TrainingContext(executor, threads, listener, cancellation, nanoClock, metrics);
  }

  /**
   * Returns this context with a way to stop.
   *
   * @param token asks the run to stop
   * @return a new context
   */
  public TrainingContext cancellation(CancellationToken token) {
    return new TrainingContext(executor, threads, progress, token, nanoClock, metrics);
  }

  /**
   * Returns this context with a listener to metrics.
   *
   * @param listener who hears them, such as {@link TensorBoardEvents}
   * @return a new context
   */
  public TrainingContext metrics(MetricsListener listener) {
    return new TrainingContext(executor, threads, progress, cancellation, nanoClock, listener);
  }
}
