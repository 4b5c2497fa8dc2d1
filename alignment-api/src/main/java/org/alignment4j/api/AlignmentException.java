package org.alignment4j.api;

import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * The root of every failure that is not the caller's wrong argument: unreadable files, failing
 * models, exhausted budgets, broken run folders.
 *
 * <p>Wrong arguments are {@link IllegalArgumentException} or {@link IllegalStateException}. A
 * message states the rule, the offending value, the place and the remedy, in lower case. What a
 * damaged file made longer than 8000 letters loses its middle.
 */
@API(status = API.Status.STABLE, since = "0.1")
public class AlignmentException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private static final int MAX_LETTERS = 8_000;

  /**
   * Creates a failure.
   *
   * @param message rule, offending value, place and remedy
   */
  public AlignmentException(String message) {
    super(shortened(message));
  }

  /**
   * Creates a failure with the failure that caused it.
   *
   * @param message rule, offending value, place and remedy
   * @param cause what failed underneath, or null when nothing did
   */
  public AlignmentException(String message, @Nullable Throwable cause) {
    super(shortened(message), cause);
  }

  private static @Nullable String shortened(@Nullable String message) {
    return message == null || message.length() <= MAX_LETTERS
        ? message
        : message.substring(0, MAX_LETTERS / 2)
            + " … "
            + message.substring(message.length() - MAX_LETTERS / 2);
  }
}
