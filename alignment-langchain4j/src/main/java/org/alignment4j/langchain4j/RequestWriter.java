package org.alignment4j.langchain4j;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.Role;
import org.alignment4j.api.model.SamplingOptions;

/**
 * Prompts and options as LangChain4j requests. What a request cannot say is refused.
 *
 * @param id the model, for messages
 * @param seeds what becomes of seeds
 * @param defaults what the chat model sends when a request says nothing
 */
record RequestWriter(String id, SeedPolicy seeds, ChatRequestParameters defaults) {

  /** Refuses defaults that no request can undo, and with which an option would be ignored. */
  RequestWriter {
    List<String> fixed = new ArrayList<>();
    if (defaults.topK() != null) {
      fixed.add("topK");
    }
    if (!defaults.stopSequences().isEmpty()) {
      fixed.add("stopSequences");
    }
    if (!defaults.toolSpecifications().isEmpty() || defaults.toolChoice() != null) {
      fixed.add("tools");
    }
    if (!fixed.isEmpty()) {
      throw new IllegalArgumentException(
          "the chat model of "
              + id
              + " must have no defaults that requests cannot undo but has "
              + String.join(", ", fixed)
              + "; build it without and say it in the sampling options");
    }
  }

  /** Throws unless the options can be said. */
  void check(SamplingOptions options) {
    List<String> unsaid = new ArrayList<>();
    note(unsaid, options.minP() > 0, "minP", options.minP());
    note(unsaid, options.typicalP() < 1, "typicalP", options.typicalP());
    note(unsaid, options.epsilonCutoff() > 0, "epsilonCutoff", options.epsilonCutoff());
    note(unsaid, options.etaCutoff() > 0, "etaCutoff", options.etaCutoff());
    note(
        unsaid, options.repetitionPenalty() != 1, "repetitionPenalty", options.repetitionPenalty());
    note(unsaid, options.noRepeatNgramSize() > 0, "noRepeatNgramSize", options.noRepeatNgramSize());
    note(unsaid, options.ignoreEos(), "ignoreEos", true);
    note(unsaid, options.logProbs(), "logProbs", true);
    note(unsaid, options.topLogProbs() > 0, "topLogProbs", options.topLogProbs());
    if (!unsaid.isEmpty()) {
      throw new IllegalArgumentException(
          "sampling options must be those a chat endpoint knows but "
              + String.join(", ", unsaid)
              + " cannot be said to "
              + id
              + "; leave it at its default");
    }
    if (seeds instanceof SeedPolicy.Refused && options.seed().isPresent()) {
      throw new IllegalArgumentException(
          "seed "
              + options.seed().getAsLong()
              + " cannot be said to "
              + id
              + ": LangChain4j's common parameters have none; build the model with"
              + " SeedPolicy.sent, or with SeedPolicy.unsent when seeds need not reach it");
    }
  }

  private static void note(List<String> unsaid, boolean given, String name, Object value) {
    if (given) {
      unsaid.add(name + " " + value);
    }
  }

  /** Throws unless the prompt can be said. */
  void check(Prompt prompt) {
    if (prompt instanceof Prompt.Tokens) {
      throw new IllegalArgumentException(
          "a prompt must be a text or a conversation for "
              + id
              + " but is token ids, which a chat endpoint does not take; decode them first");
    }
    if (prompt instanceof Prompt.Text text) {
      requireText(text.text());
    }
    if (prompt instanceof Prompt.Chat chat) {
      chat.messages().forEach(message -> requireText(message.content()));
      if (chat.last().role() == Role.ASSISTANT) {
        throw new IllegalArgumentException(
            "a conversation must end with another's message for "
                + id
                + " but ends with the assistant's, which chat endpoints do not continue; put its"
                + " beginning into the request");
      }
    }
  }

  private void requireText(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException(
          "a message must not be blank for " + id + ": a chat endpoint takes no empty one");
    }
  }

  ChatRequest write(Prompt prompt, SamplingOptions options, int draw) {
    return ChatRequest.builder()
        .messages(messages(prompt))
        .parameters(parameters(options, draw))
        .build();
  }

  private static List<ChatMessage> messages(Prompt prompt) {
    if (prompt instanceof Prompt.Text text) {
      return List.of(UserMessage.from(text.text()));
    }
    List<ChatMessage> messages = new ArrayList<>();
    for (Message message : ((Prompt.Chat) prompt).messages()) {
      messages.add(
          switch (message.role()) {
            case SYSTEM -> SystemMessage.from(message.content());
            case USER -> UserMessage.from(message.content());
            case ASSISTANT -> AiMessage.from(message.content());
          });
    }
    return messages;
  }

  private ChatRequestParameters parameters(SamplingOptions options, int draw) {
    DefaultChatRequestParameters.Builder<?> parameters =
        ChatRequestParameters.builder()
            .temperature(options.temperature())
            .maxOutputTokens(options.maxNewTokens());
    // Some providers take no topP beside a temperature, so 1 is sent only where it undoes a
    // default.
    if (options.topP() < 1 || defaults.topP() != null) {
      parameters.topP(options.topP());
    }
    if (options.topK() > 0) {
      parameters.topK(options.topK());
    }
    if (!options.stopStrings().isEmpty()) {
      parameters.stopSequences(options.stopStrings());
    }
    ChatRequestParameters common = parameters.build();
    OptionalLong seed = options.seed();
    return seeds instanceof SeedPolicy.Sent sent && seed.isPresent()
        ? sent.parameters().with(common, seed(seed.getAsLong(), draw))
        : common;
  }

  /** The seed of a sample: one for each, or every sample of a prompt would be the same. */
  static long seed(long seed, int draw) {
    return draw == 0 ? seed : new SplittableRandom(seed + draw).nextLong();
  }
}
