package org.alignment4j.langchain4j;

import dev.langchain4j.exception.HttpException;
import java.time.Duration;

/** A failed response and the wait its header asks for, which LangChain4j's own exception drops. */
final class HttpFailure extends HttpException {
  private static final long serialVersionUID = 1L;

  private final Duration retryAfter;

  HttpFailure(int status, String body, Duration retryAfter) {
    super(status, body);
    this.retryAfter = retryAfter;
  }

  Duration retryAfter() {
    return retryAfter;
  }
}
