package org.alignment4j.api;

import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Work stopped because it was cancelled or its thread was interrupted; what was finished has been
 * saved.
 */
@API(status = API.Status.STABLE, since = "0.1")
public class CancelledException extends AlignmentException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates a failure.
   *
   * @param message rule, offending value, place and remedy
   */
  public CancelledException(String message) {
    super(message);
  }

  /**
   * Creates a failure with the failure that caused it.
   *
   * @param message rule, offending value, place and remedy
   * @param cause what failed underneath, or null when nothing did
   */
  public CancelledException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
