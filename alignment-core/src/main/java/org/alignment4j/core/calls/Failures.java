package org.alignment4j.core.calls;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.RemoteCallException;

/** What a failure of a call means for the run. */
final class Failures {
  private static final int TOO_MANY_REQUESTS = 429;

  private Failures() {}

  /** The failure itself, without the wrappers that futures put around it. */
  static Throwable unwrap(Throwable error) {
    Throwable inner = error;
    while ((inner instanceof CompletionException || inner instanceof ExecutionException)
        && inner.getCause() != null) {
      inner = inner.getCause();
    }
    return inner;
  }

  static boolean isCancellation(Throwable error) {
    return error instanceof CancelledException
        || error instanceof CancellationException
        || error instanceof InterruptedException;
  }

  static boolean isThrottling(Throwable error) {
    return error instanceof RemoteCallException remote
        && remote.status().orElse(0) == TOO_MANY_REQUESTS;
  }

  /** Whether the same call may succeed later. */
  static boolean isPassing(Throwable error) {
    if (error instanceof RemoteCallException remote) {
      return remote.retryable() || isThrottling(error);
    }
    return error instanceof IOException || error instanceof TimeoutException;
  }

  static Optional<Duration> retryAfter(Throwable error) {
    return error instanceof RemoteCallException remote ? remote.retryAfter() : Optional.empty();
  }
}
