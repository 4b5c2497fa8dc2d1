package org.alignment4j.api;

import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/** A model failed to answer: the engine, a template or a remote endpoint reported an error. */
@API(status = API.Status.STABLE, since = "0.1")
public class ModelExecutionException extends AlignmentException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates a failure.
   *
   * @param message rule, offending value, place and remedy
   */
  public ModelExecutionException(String message) {
    super(message);
  }

  /**
   * Creates a failure with the failure that caused it.
   *
   * @param message rule, offending value, place and remedy
   * @param cause what failed underneath, or null when nothing did
   */
  public ModelExecutionException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
