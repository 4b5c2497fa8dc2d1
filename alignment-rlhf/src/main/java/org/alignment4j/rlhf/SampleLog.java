package org.alignment4j.rlhf;

import java.util.List;
import java.util.Objects;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.apiguardian.api.API;

/**
 * Completions that are sampled while a model is trained, to see what becomes of it: before the
 * first step, after every so many and after the last one, steps being those of {@link Evaluation}.
 * They go to {@code samples.jsonl} in the run folder, where there is one, and to a listener. The
 * seed of the options is the same each time. Immutable.
 *
 * @param prompts what is completed, at least one
 * @param options how, such as {@code SamplingOptions.sampling(64, seed)}
 * @param every steps between two, at least 1
 * @param listener hears the completions
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SampleLog(
    List<Prompt> prompts, SamplingOptions options, long every, Listener listener) {

  /** Hears the completions, in the thread that trains. */
  @FunctionalInterface
  public interface Listener {
    /**
     * Called after each time.
     *
     * @param step steps made
     * @param completions one for each prompt, in order
     */
    void sampled(long step, List<Completion> completions);
  }

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException when there is no prompt or the number of steps is below 1
   */
  public SampleLog {
    prompts = List.copyOf(prompts);
    Objects.requireNonNull(options, "options");
    Objects.requireNonNull(listener, "listener");
    if (prompts.isEmpty()) {
      throw new IllegalArgumentException("prompts must hold at least one but hold none");
    }
    if (every < 1) {
      throw new IllegalArgumentException("every must be at least 1 but was " + every);
    }
  }

  /**
   * Samples without a listener.
   *
   * @param prompts what is completed, at least one
   * @param options how
   * @param every steps between two, at least 1
   * @return the setting
   * @throws IllegalArgumentException when there is no prompt or the number of steps is below 1
   */
  public static SampleLog of(List<? extends Prompt> prompts, SamplingOptions options, long every) {
    return new SampleLog(List.copyOf(prompts), options, every, (step, completions) -> {});
  }

  /**
   * Returns this setting with a listener.
   *
   * @param newListener hears the completions
   * @return a new setting
   */
  public SampleLog onSamples(Listener newListener) {
    return new SampleLog(prompts, options, every, newListener);
  }
}
