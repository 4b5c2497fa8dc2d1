package org.alignment4j.rlhf.data;

import java.util.Objects;
import org.apiguardian.api.API;

/**
 * How long an example may be in tokens, and what happens beyond.
 *
 * <p>Prompts that are conversations are cut from the left at turn boundaries; other prompts that do
 * not fit are dropped with their example. What happens to long texts is asked of whole texts only
 * ({@link org.alignment4j.core.data.Demonstration.Text}): answers and conversations are never
 * split, since all pieces but the first would be learnt without what they answer.
 *
 * @param maxLength tokens of prompt and answer together, and of a text, at least 2
 * @param maxCompletionLength tokens of an answer, in [1, maxLength)
 * @param longCompletions what happens to longer answers
 * @param longTexts what happens to texts longer than {@code maxLength}
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SequenceLimits(
    int maxLength, int maxCompletionLength, LongCompletion longCompletions, LongText longTexts) {

  /** What happens to answers that are too long. */
  public enum LongCompletion {
    /** They lose their end, and with it their end token. */
    CUT,
    /** Their example is left out. */
    DROP
  }

  /** What happens to whole texts that are too long. */
  public enum LongText {
    /** They lose their end, and with it their end token. */
    CUT,
    /**
     * They become as many examples as they need, each of {@code maxLength} tokens but the last,
     * which update sizes and epochs count as single ones ("BFD-split": texts that fit stay whole,
     * unlike where all texts are joined and then cut). A later example begins with the last token
     * of the one before, on which alone its first learnt token is conditional: since the first
     * token of a sequence is not learnt, so every token but a text's first is learnt exactly once.
     */
    SPLIT
  }

  /**
   * Checks the limits.
   *
   * @throws IllegalArgumentException when a limit is out of range
   */
  public SequenceLimits {
    Objects.requireNonNull(longCompletions, "longCompletions");
    Objects.requireNonNull(longTexts, "longTexts");
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
   * Limits under which long texts are cut.
   *
   * @param maxLength tokens of prompt and answer together, at least 2
   * @param maxCompletionLength tokens of an answer, in [1, maxLength)
   * @param longCompletions what happens to longer answers
   * @throws IllegalArgumentException when a limit is out of range
   */
  public SequenceLimits(int maxLength, int maxCompletionLength, LongCompletion longCompletions) {
    this(maxLength, maxCompletionLength, longCompletions, LongText.CUT);
  }

  /**
   * Returns limits under which answers may take three quarters of the length, and answers and texts
   * are cut beyond.
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
    return new SequenceLimits(maxLength, tokens, beyond, longTexts);
  }

  /**
   * Returns these limits with another rule for whole texts.
   *
   * @param beyond what happens to texts longer than {@link #maxLength()}
   * @return new limits
   */
  public SequenceLimits texts(LongText beyond) {
    return new SequenceLimits(maxLength, maxCompletionLength, longCompletions, beyond);
  }

  /** The limits; descriptions of runs hold this, so that what is as by default is left out. */
  @Override
  public String toString() {
    return "SequenceLimits[maxLength=%s, maxCompletionLength=%s, longCompletions=%s%s]"
        .formatted(
            maxLength,
            maxCompletionLength,
            longCompletions,
            longTexts == LongText.CUT ? "" : ", longTexts=" + longTexts);
  }
}
