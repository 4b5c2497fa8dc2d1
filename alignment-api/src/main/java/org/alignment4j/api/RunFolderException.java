package org.alignment4j.api;

import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * A run folder cannot be used: locked by another process, written by a newer version, of another
 * configuration, or damaged.
 */
@API(status = API.Status.STABLE, since = "0.1")
public class RunFolderException extends AlignmentException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates a failure.
   *
   * @param message rule, offending value, place and remedy
   */
  public RunFolderException(String message) {
    super(message);
  }

  /**
   * Creates a failure with the failure that caused it.
   *
   * @param message rule, offending value, place and remedy
   * @param cause what failed underneath, or null when nothing did
   */
  public RunFolderException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
