package org.alignment4j.langchain4j;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.RemoteCallException;
import org.alignment4j.api.model.Completion;

/** Completions and failures as LangChain4j's. Pure functions. */
final class ResponseWriter {
  private static final int TOO_MANY_REQUESTS = 429;

  private ResponseWriter() {}

  static ChatResponse response(String id, Completion completion) {
    int prompt = count(completion.usage().promptTokens());
    int generated = count(completion.usage().completionTokens());
    return ChatResponse.builder()
        .aiMessage(AiMessage.from(completion.text()))
        .modelName(id)
        .tokenUsage(new TokenUsage(prompt, generated))
        .finishReason(
            switch (completion.finishReason()) {
              case EOS, STOP_STRING -> FinishReason.STOP;
              case LENGTH -> FinishReason.LENGTH;
              case CONTENT_FILTER -> FinishReason.CONTENT_FILTER;
              case UNKNOWN -> FinishReason.OTHER;
            })
        .build();
  }

  private static int count(long tokens) {
    return (int) Math.min(tokens, Integer.MAX_VALUE / 2);
  }

  /**
   * Returns what LangChain4j would throw: its retries and listeners look at the type. Cancellation
   * stays what it is.
   */
  static RuntimeException failure(RuntimeException failure) {
    if (failure instanceof LangChain4jException || failure instanceof CancelledException) {
      return failure;
    }
    if (failure instanceof IllegalArgumentException) {
      return new InvalidRequestException(failure.getMessage(), failure);
    }
    if (failure instanceof RemoteCallException remote && remote.retryable()) {
      return remote.status().orElse(0) == TOO_MANY_REQUESTS
          ? new RateLimitException(remote.getMessage(), remote)
          : new InternalServerException(remote.getMessage(), remote);
    }
    return new LangChain4jException(failure.getMessage(), failure);
  }
}
