package org.alignment4j.core.calls;

import com.fasterxml.jackson.core.JacksonException;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.RemoteCallException;
import org.jspecify.annotations.Nullable;

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

  /**
   * Whether the same call may succeed later. Of exceptions that do not say so themselves those of
   * the transport do: I/O failures, also below an {@link UncheckedIOException}, and time-outs. A
   * response that came whole but cannot be read (JSON that does not parse, bytes that are no text)
   * is no such failure although its exceptions are I/O exceptions too: to ask again would pay again
   * for what the caller may be unable to read. Who knows that a response was cut off says so by a
   * retryable {@link RemoteCallException}.
   */
  static boolean isPassing(Throwable error) {
    if (error instanceof RemoteCallException remote) {
      return remote.retryable() || isThrottling(error);
    }
    return isTransport(error) || error instanceof TimeoutException;
  }

  private static boolean isTransport(@Nullable Throwable error) {
    if (error instanceof UncheckedIOException || error instanceof JacksonException) {
      // Jackson also wraps failures of the stream it reads from.
      return isTransport(error.getCause());
    }
    return error instanceof IOException
        && !(error instanceof CharacterCodingException)
        && !(error instanceof CharConversionException);
  }

  static Optional<Duration> retryAfter(Throwable error) {
    return error instanceof RemoteCallException remote ? remote.retryAfter() : Optional.empty();
  }
}
