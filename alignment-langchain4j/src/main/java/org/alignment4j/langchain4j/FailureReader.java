package org.alignment4j.langchain4j;

import com.fasterxml.jackson.core.JacksonException;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.ContentFilteredException;
import dev.langchain4j.exception.HttpException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.NonRetriableException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.RetriableException;
import dev.langchain4j.exception.UnresolvedModelServerException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import java.io.CharConversionException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.RemoteCallException;
import org.jspecify.annotations.Nullable;

/**
 * What LangChain4j throws as failures of the api. Messages are shortened and have no key; a cause
 * whose messages have one is left out.
 *
 * @param id the model, for messages
 * @param redactor takes keys out
 */
record FailureReader(String id, Redactor redactor) {
  private static final int MAX_SHOWN = 300;
  private static final int MAX_CAUSES = 50;
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int REQUEST_TIMEOUT = 408;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int SERVER_ERROR = 500;

  RuntimeException read(Exception failure) {
    List<Throwable> chain = chain(failure);
    if (Thread.currentThread().isInterrupted() || has(chain, InterruptedException.class)) {
      return new CancelledException("a call of " + id + " was interrupted");
    }
    for (Throwable link : chain) {
      if (link instanceof AlignmentException known && redactor.isClean(known)) {
        return known;
      }
    }
    if (has(chain, UnsupportedFeatureException.class)) {
      return new IllegalArgumentException(
          "an option is not supported by " + id + ": " + shown(failure), cause(failure));
    }
    int status = status(chain);
    if (isUnreadable(chain) && status == 0) {
      return new ModelExecutionException(
          "a response must be readable but that of " + id + " was not: " + shown(failure),
          cause(failure));
    }
    Optional<Boolean> passing = passing(chain, status);
    if (passing.isEmpty()) {
      return new ModelExecutionException(id + " failed: " + shown(failure), cause(failure));
    }
    return new RemoteCallException(
        message(failure, chain, status, passing.get()),
        status,
        passing.get(),
        wait(chain),
        cause(failure));
  }

  private static List<Throwable> chain(Throwable failure) {
    List<Throwable> chain = new ArrayList<>();
    Throwable link = failure;
    while (link != null && chain.size() < MAX_CAUSES) {
      chain.add(link);
      link = link.getCause();
    }
    return chain;
  }

  private static boolean has(List<Throwable> chain, Class<?> kind) {
    return chain.stream().anyMatch(kind::isInstance);
  }

  /** The status that came, or the one that a kind of failure stands for; 0 when none is known. */
  private static int status(List<Throwable> chain) {
    for (Throwable link : chain) {
      if (link instanceof HttpException http) {
        return http.statusCode();
      }
    }
    return has(chain, RateLimitException.class) ? TOO_MANY_REQUESTS : 0;
  }

  /** A response that came whole but says nothing: to ask again would pay again for the same. */
  private static boolean isUnreadable(List<Throwable> chain) {
    return has(chain, JacksonException.class)
        || has(chain, CharacterCodingException.class)
        || has(chain, CharConversionException.class);
  }

  /** Whether the same call may succeed later; empty when the failure is not one of a call. */
  private static Optional<Boolean> passing(List<Throwable> chain, int status) {
    if (status == TOO_MANY_REQUESTS || status == REQUEST_TIMEOUT || status >= SERVER_ERROR) {
      return Optional.of(true);
    }
    if (status > 0) {
      return Optional.of(false);
    }
    if (has(chain, UnresolvedModelServerException.class)) {
      return Optional.of(true);
    }
    if (has(chain, NonRetriableException.class)) {
      return Optional.of(false);
    }
    boolean transport =
        has(chain, RetriableException.class)
            || has(chain, IOException.class)
            || has(chain, TimeoutException.class);
    return transport ? Optional.of(true) : Optional.empty();
  }

  private static @Nullable Duration wait(List<Throwable> chain) {
    for (Throwable link : chain) {
      if (link instanceof HttpFailure failure) {
        return failure.retryAfter();
      }
    }
    return null;
  }

  private String message(Exception failure, List<Throwable> chain, int status, boolean passing) {
    String what = status == 0 ? " could not be asked: " : " answered with status " + status + ": ";
    return id + what + shown(failure) + remedy(chain, status, passing);
  }

  private static String remedy(List<Throwable> chain, int status, boolean passing) {
    if (has(chain, AuthenticationException.class)
        || status == UNAUTHORIZED
        || status == FORBIDDEN) {
      return "; check the key the chat model was built with";
    }
    if (has(chain, ModelNotFoundException.class)) {
      return "; check the endpoint's address and the model's name";
    }
    if (has(chain, ContentFilteredException.class)) {
      return "; the provider's filter withheld the answer";
    }
    if (has(chain, InvalidRequestException.class)) {
      return "; the prompt or an option does not fit the model";
    }
    return passing ? "; the same call may succeed later" : "";
  }

  private String shown(Exception failure) {
    String message = failure.getMessage();
    String text = message == null ? failure.getClass().getSimpleName() : message;
    String line = redactor.clean(text).strip().replaceAll("\\s+", " ");
    return line.length() <= MAX_SHOWN ? line : line.substring(0, MAX_SHOWN) + "…";
  }

  private @Nullable Throwable cause(Exception failure) {
    return redactor.isClean(failure) ? failure : null;
  }
}
