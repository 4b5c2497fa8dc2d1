package org.alignment4j.api;

import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * A model folder (configuration, weights, tokenizer, adapter) could not be read, understood or
 * written.
 */
@API(status = API.Status.STABLE, since = "0.1")
public class CheckpointException extends AlignmentException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates a failure.
   *
   * @param message rule, offending value, place and remedy
   */
  public CheckpointException(String message) {
    super(message);
  }

  /**
   * Creates a failure with the failure that caused it.
   *
   * @param message rule, offending value, place and remedy
   * @param cause what failed underneath, or null when nothing did
   */
  public CheckpointException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
