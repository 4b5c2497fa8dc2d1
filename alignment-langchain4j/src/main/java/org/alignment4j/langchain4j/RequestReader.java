package org.alignment4j.langchain4j;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.jspecify.annotations.Nullable;

/**
 * LangChain4j requests as prompts and options. What a model of this library cannot do is refused.
 *
 * @param id the model's identity
 * @param defaults the options of a request that says nothing
 */
record RequestReader(String id, SamplingOptions defaults) {

  /** The defaults as LangChain4j's parameters, for listeners; they come back with every request. */
  ChatRequestParameters parameters() {
    return ChatRequestParameters.builder()
        .modelName(id)
        .temperature(defaults.temperature())
        .topP(defaults.topP())
        .topK(defaults.topK() == 0 ? null : defaults.topK())
        .maxOutputTokens(defaults.maxNewTokens())
        .stopSequences(defaults.stopStrings())
        .build();
  }

  /**
   * Reads the options.
   *
   * @throws UnsupportedFeatureException if the model cannot do what is asked for
   * @throws IllegalArgumentException if a value is outside its range
   */
  SamplingOptions options(ChatRequest request) {
    ChatRequestParameters asked = request.parameters();
    refuseTools(asked);
    refusePenalty("frequencyPenalty", asked.frequencyPenalty());
    refusePenalty("presencePenalty", asked.presencePenalty());
    String name = asked.modelName();
    if (name != null && !name.equals(id)) {
      throw unsupported("the model name '" + name + "': this model is '" + id + "'");
    }
    SamplingOptions.Builder options = defaults.toBuilder();
    if (asked.temperature() != null) {
      options.temperature(asked.temperature());
    }
    if (asked.topP() != null) {
      options.topP(asked.topP());
    }
    if (asked.topK() != null) {
      options.topK(asked.topK());
    }
    if (asked.maxOutputTokens() != null) {
      options.maxNewTokens(asked.maxOutputTokens());
    }
    if (!asked.stopSequences().isEmpty()) {
      options.stopStrings(asked.stopSequences());
    }
    return options.build();
  }

  private static void refuseTools(ChatRequestParameters asked) {
    if (!asked.toolSpecifications().isEmpty() || asked.toolChoice() != null) {
      throw unsupported("tools");
    }
    if (asked.responseFormat() != null
        && asked.responseFormat().type() != ResponseFormatType.TEXT) {
      throw unsupported(
          "the response format " + asked.responseFormat().type() + ": ask for it in words");
    }
  }

  private static void refusePenalty(String name, @Nullable Double penalty) {
    if (penalty != null && penalty != 0) {
      throw unsupported(name + " " + penalty);
    }
  }

  /**
   * Reads the conversation.
   *
   * @throws UnsupportedFeatureException if a message is more than text
   */
  Prompt.Chat prompt(ChatRequest request) {
    List<Message> messages = new ArrayList<>();
    for (ChatMessage message : request.messages()) {
      messages.add(message(message));
    }
    return Prompt.chat(messages);
  }

  private static Message message(ChatMessage message) {
    if (message instanceof SystemMessage system) {
      return Message.system(system.text());
    }
    if (message instanceof UserMessage user) {
      return Message.user(text(user));
    }
    if (message instanceof AiMessage answer) {
      if (answer.hasToolExecutionRequests() || answer.text() == null) {
        throw unsupported("an answer that asks for a tool or has no text");
      }
      return Message.assistant(answer.text());
    }
    throw unsupported("a message of type " + message.type());
  }

  private static String text(UserMessage user) {
    List<String> texts = new ArrayList<>();
    for (Content content : user.contents()) {
      if (!(content instanceof TextContent text)) {
        throw unsupported("content of type " + content.type() + " in a message");
      }
      texts.add(text.text());
    }
    return String.join("\n", texts);
  }

  private static UnsupportedFeatureException unsupported(String what) {
    return new UnsupportedFeatureException("a language model of text does not support " + what);
  }
}
