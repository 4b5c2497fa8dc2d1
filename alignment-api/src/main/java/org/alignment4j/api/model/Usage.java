package org.alignment4j.api.model;

import java.time.Duration;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * What calls of a model cost, in calls, tokens and time; sums with {@link #plus}. Money is left to
 * the user's own price table.
 *
 * @param calls prompts answered or continuations scored
 * @param promptTokens tokens of the prompts
 * @param cachedTokens those of the prompt tokens that came from a cache
 * @param completionTokens tokens generated
 * @param scoredTokens tokens of given continuations whose likelihood was computed
 * @param retries calls repeated after a failure
 * @param time time spent in calls, summed over calls (not wall time, when calls overlap)
 */
@API(status = API.Status.STABLE, since = "0.1")
public record Usage(
    long calls,
    long promptTokens,
    long cachedTokens,
    long completionTokens,
    long scoredTokens,
    long retries,
    Duration time) {

  /** Nothing was used. */
  public static final Usage NONE = new Usage(0, 0, 0, 0, 0, 0, Duration.ZERO);

  /**
   * Checks the counts.
   *
   * @throws IllegalArgumentException when a count or the time is negative
   */
  public Usage {
    Objects.requireNonNull(time, "time");
    requireCount("calls", calls);
    requireCount("promptTokens", promptTokens);
    requireCount("cachedTokens", cachedTokens);
    requireCount("completionTokens", completionTokens);
    requireCount("scoredTokens", scoredTokens);
    requireCount("retries", retries);
    if (time.isNegative()) {
      throw new IllegalArgumentException("time must not be negative but was " + time);
    }
  }

  private static void requireCount(String name, long value) {
    if (value < 0) {
      throw new IllegalArgumentException(name + " must not be negative but was " + value);
    }
  }

  /**
   * Returns the usage of one generated completion.
   *
   * @param promptTokens tokens of the prompt
   * @param completionTokens tokens generated
   * @param time time of the call
   * @return the usage of one call
   */
  public static Usage ofGeneration(long promptTokens, long completionTokens, Duration time) {
    return new Usage(1, promptTokens, 0, completionTokens, 0, 0, time);
  }

  /**
   * Returns the usage of one scored continuation.
   *
   * @param promptTokens tokens of the prompt
   * @param scoredTokens tokens of the continuation
   * @param time time of the call
   * @return the usage of one call
   */
  public static Usage ofScoring(long promptTokens, long scoredTokens, Duration time) {
    return new Usage(1, promptTokens, 0, 0, scoredTokens, 0, time);
  }

  /**
   * Returns the tokens that pass through the model.
   *
   * @return prompt, completion and scored tokens together
   */
  public long totalTokens() {
    return promptTokens + completionTokens + scoredTokens;
  }

  /**
   * Adds.
   *
   * @param other what was used besides
   * @return both together
   */
  public Usage plus(Usage other) {
    return new Usage(
        calls + other.calls,
        promptTokens + other.promptTokens,
        cachedTokens + other.cachedTokens,
        completionTokens + other.completionTokens,
        scoredTokens + other.scoredTokens,
        retries + other.retries,
        time.plus(other.time));
  }

  /**
   * Subtracts.
   *
   * @param earlier what had been used before, part of this
   * @return what was used since
   * @throws IllegalArgumentException if more had been used before
   */
  public Usage minus(Usage earlier) {
    return new Usage(
        calls - earlier.calls,
        promptTokens - earlier.promptTokens,
        cachedTokens - earlier.cachedTokens,
        completionTokens - earlier.completionTokens,
        scoredTokens - earlier.scoredTokens,
        retries - earlier.retries,
        time.minus(earlier.time));
  }
}
