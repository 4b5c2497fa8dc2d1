package org.alignment4j.langchain4j;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.TokenUsage;
import java.time.Duration;
import java.util.List;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.FinishReason;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.Usage;
import org.jspecify.annotations.Nullable;

/**
 * LangChain4j responses as completions. A response without an answer is a failure; one of a model
 * that stopped without a word is an empty answer.
 *
 * @param id the model, for messages
 */
record ResponseReader(String id) {

  /**
   * Reads a response.
   *
   * @param response null when the chat model gave none
   * @param options what was asked for
   * @param retries attempts that failed before
   * @param time from the request to the response
   * @throws ModelExecutionException if there is no answer in it
   */
  Completion read(
      @Nullable ChatResponse response, SamplingOptions options, int retries, Duration time) {
    if (response == null || response.aiMessage() == null) {
      throw malformed("it has no message");
    }
    AiMessage message = response.aiMessage();
    if (message.hasToolExecutionRequests()) {
      throw malformed("it asks for a tool although none was offered");
    }
    FinishReason reason = reason(response.finishReason(), options.stopStrings());
    String text = message.text();
    if (text == null) {
      if (!ended(response.finishReason())) {
        throw malformed("its message has no text");
      }
      text = "";
    }
    Usage usage = usage(response.tokenUsage(), retries, time);
    int stop = firstStop(text, options.stopStrings());
    return stop < 0
        ? Completion.of(text, reason, usage)
        : Completion.of(text.substring(0, stop), FinishReason.STOP_STRING, usage);
  }

  /** A model may end without a word, which is an answer; without a reason it is none. */
  private static boolean ended(dev.langchain4j.model.output.@Nullable FinishReason reason) {
    return reason != null
        && switch (reason) {
          case STOP, LENGTH, CONTENT_FILTER -> true;
          case TOOL_EXECUTION, OTHER -> false;
        };
  }

  private ModelExecutionException malformed(String problem) {
    return new ModelExecutionException(
        "a response must hold an answer but that of "
            + id
            + " cannot be read: "
            + problem
            + "; check that the endpoint speaks the provider's protocol");
  }

  /** With stop strings the providers' word for both is one, so which it was is not known. */
  private static FinishReason reason(
      dev.langchain4j.model.output.@Nullable FinishReason reason, List<String> stopStrings) {
    if (reason == null) {
      return FinishReason.UNKNOWN;
    }
    return switch (reason) {
      case STOP -> stopStrings.isEmpty() ? FinishReason.EOS : FinishReason.UNKNOWN;
      case LENGTH -> FinishReason.LENGTH;
      case CONTENT_FILTER -> FinishReason.CONTENT_FILTER;
      case TOOL_EXECUTION, OTHER -> FinishReason.UNKNOWN;
    };
  }

  /** Some servers leave the stop string in the text. */
  private static int firstStop(String text, List<String> stopStrings) {
    return stopStrings.stream().mapToInt(text::indexOf).filter(at -> at >= 0).min().orElse(-1);
  }

  private Usage usage(@Nullable TokenUsage tokens, int retries, Duration time) {
    long prompt = tokens == null ? 0 : count(tokens.inputTokenCount());
    long completion = tokens == null ? 0 : count(tokens.outputTokenCount());
    return new Usage(1, prompt, 0, completion, 0, retries, time);
  }

  private long count(@Nullable Integer tokens) {
    if (tokens != null && tokens < 0) {
      throw malformed("it counts " + tokens + " tokens");
    }
    return tokens == null ? 0 : tokens;
  }
}
