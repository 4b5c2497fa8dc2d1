package org.alignment4j.api;

import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * The root of every failure that is not the caller's wrong argument: unreadable files, failing
 * models, exhausted budgets, broken run folders.
 *
 * <p>Wrong arguments are {@link IllegalArgumentException} or {@link IllegalStateException}. A
 * message states the rule, the offending value, the place and the remedy, in lower case.
 */
@API(status = API.Status.STABLE, since = "0.1")
public class AlignmentException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates a failure.
   *
   * @param message rule, offending value, place and remedy
   */
  public AlignmentException(String message) {
    super(message);
  }

  /**
   * Creates a failure with the failure that caused it.
   *
   * @param message rule, offending value, place and remedy
   * @param cause what failed underneath, or null when nothing did
   */
  public AlignmentException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
