package org.alignment4j.rlhf.study;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ProgressListener;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.rlhf.RolloutOptions;
import org.alignment4j.runtime.train.TrainingContext;
import org.apiguardian.api.API;

/**
 * Settings that every study has, set one by one. Studies are immutable: each setting gives a new
 * study.
 *
 * @param <T> the study
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public abstract sealed class Study<T> permits ParetoStudy, OveroptimisationStudy {

  private static final RolloutOptions ROLLOUTS = RolloutOptions.of(64);

  private final StudyOptions options;

  Study(StudyOptions options) {
    this.options = options;
  }

  static StudyOptions defaults(List<? extends Prompt> prompts, int samples) {
    return new StudyOptions(
        List.copyOf(prompts),
        ROLLOUTS,
        samples,
        0,
        null,
        ProgressListener.none(),
        TrainingContext.defaults().nanoClock(),
        CancellationToken.none());
  }

  StudyOptions options() {
    return options;
  }

  abstract T with(StudyOptions newOptions);

  /**
   * Returns a study that samples in another way, by default up to 64 tokens at temperature 1.
   *
   * @param rollouts length and temperature
   * @return the study
   */
  public T rollouts(RolloutOptions rollouts) {
    return with(options.withRollouts(Objects.requireNonNull(rollouts, "rollouts")));
  }

  /**
   * Returns a study with another number of answers to every prompt.
   *
   * @param samples at least 1
   * @return the study
   * @throws IllegalArgumentException when it is below 1
   */
  public T samples(int samples) {
    return with(options.withSamples(samples));
  }

  /**
   * Returns a study with another seed of everything random in it; all models are sampled with the
   * same random numbers.
   *
   * @param seed any number
   * @return the study
   */
  public T seed(long seed) {
    return with(options.withSeed(seed));
  }

  /**
   * Returns a study that keeps answers in a file as they are sampled, under keys of model, prompt
   * and sampling: a study that was killed or cancelled goes on, and the same or a larger one does
   * not sample again what it has. One process at a time may use the file. Answers are scored again.
   *
   * @param file created where it is missing
   * @return the study
   */
  public T journal(Path file) {
    return with(options.withJournal(Objects.requireNonNull(file, "file")));
  }

  /**
   * Returns a study that tells a listener how far it is, in answers.
   *
   * @param listener who is told
   * @return the study
   */
  public T onProgress(ProgressListener listener) {
    return with(options.withProgress(Objects.requireNonNull(listener, "listener")));
  }

  /**
   * Returns a study that takes the time of its progress from another clock than the system's.
   *
   * @param clock in nanoseconds from any origin; never goes back
   * @return the study
   */
  public T nanoClock(LongSupplier clock) {
    return with(options.withNanoClock(Objects.requireNonNull(clock, "clock")));
  }

  /**
   * Returns a study that stops when asked to.
   *
   * @param token asks to stop at the next token or reward
   * @return the study
   */
  public T cancellation(CancellationToken token) {
    return with(options.withCancellation(Objects.requireNonNull(token, "token")));
  }
}
