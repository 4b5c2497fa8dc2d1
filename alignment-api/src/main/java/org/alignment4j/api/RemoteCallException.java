package org.alignment4j.api;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/** A remote model refused, failed or could not be reached; says whether a retry may help. */
@API(status = API.Status.STABLE, since = "0.1")
public class RemoteCallException extends ModelExecutionException {
  private static final long serialVersionUID = 1L;

  /** The HTTP status, or 0. */
  private final int status;

  /** Whether the same call may succeed later. */
  private final boolean retryable;

  /** The wait asked for, or null. */
  private final @Nullable Duration retryAfter;

  /**
   * Creates a failure.
   *
   * @param message rule, offending value, place and remedy; never contains a key
   * @param status the HTTP status, or 0 when no answer came
   * @param retryable whether the same call may succeed later (429, 5xx, time-outs, resets)
   * @param retryAfter how long the endpoint asked to wait, or null when it did not say
   * @param cause what failed underneath, or null when nothing did
   */
  public RemoteCallException(
      String message,
      int status,
      boolean retryable,
      @Nullable Duration retryAfter,
      @Nullable Throwable cause) {
    super(message, cause);
    this.status = status;
    this.retryable = retryable;
    this.retryAfter = retryAfter;
  }

  /**
   * Returns the HTTP status.
   *
   * @return the status; empty when no answer came
   */
  public OptionalInt status() {
    return status == 0 ? OptionalInt.empty() : OptionalInt.of(status);
  }

  /**
   * Returns whether the same call may succeed later.
   *
   * @return true for throttling, server errors, time-outs and resets
   */
  public boolean retryable() {
    return retryable;
  }

  /**
   * Returns how long the endpoint asked to wait.
   *
   * @return the wait; empty when the endpoint did not say
   */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }
}
