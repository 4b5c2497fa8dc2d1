package org.alignment4j.rlhf.data;

import java.util.Objects;
import org.apiguardian.api.API;

/**
 * How long an example may be in tokens, and what happens beyond.
 *
 * <p>Prompts that are conversations are cut from the left at turn boundaries; other prompts that do
 * not fit are dropped with their example.
 *
 * @param maxLength tokens of prompt and answer together, at least 2
 * @param maxCompletionLength tokens of an answer, in [1, maxLength)
 * @param longCompletions what happens to longer answers
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SequenceLimits(
    int maxLength, int maxCompletionLength, LongCompletion longCompletions) {

  /** What happens to answers that are too long. */
  public enum LongCompletion {
    /** They lose their end, and with it their end token. */
    CUT,
    /** Their example is left out. */
    DROP
  }

  /**
   * Checks the limits.
   *
   * @throws IllegalArgumentException when a limit is out of range
   */
  public SequenceLimits {
    Objects.requireNonNull(longCompletions, "longCompletions");
    if (maxLength < 2) {
      throw new IllegalArgumentException("maxLength must be at least 2 but was " + maxLength);
    }
    if (maxCompletionLength < 1 || maxCompletionLength >= maxLength) {
      throw new IllegalArgumentException(
          "maxCompletionLength must be in [1, "
              + maxLength
              + "), below maxLength, but was "
              + maxCompletionLength);
    }
  }

  /**
   * Returns limits under which answers may take three quarters of the length, and are cut beyond.
   *
   * @param maxLength tokens of prompt and answer together, at least 2
   * @return the limits
   * @throws IllegalArgumentException when it is below 2
   */
  public static SequenceLimits of(int maxLength) {
    return new SequenceLimits(maxLength, Math.max(1, maxLength * 3 / 4), LongCompletion.CUT);
  }

  /**
   * Returns these limits with another limit of answers.
   *
   * @param tokens most tokens of an answer
   * @param beyond what happens to longer answers
   * @return new limits
   * @throws IllegalArgumentException when it is not in [1, maxLength)
   */
  public SequenceLimits completions(int tokens, LongCompletion beyond) {
    return new SequenceLimits(maxLength, tokens, beyond);
  }
}
