package org.alignment4j.langchain4j;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A LangChain4j chat model that answers by a rule and remembers what it was asked. */
final class ScriptedChat implements ChatModel {
  static final RemoteModelId ID = RemoteModelId.of("test", "http://localhost:1/v1", "small");

  final List<ChatRequest> requests = new CopyOnWriteArrayList<>();
  private final Function<ChatRequest, ChatResponse> rule;
  private final ChatRequestParameters defaults;

  ScriptedChat(Function<ChatRequest, ChatResponse> rule, ChatRequestParameters defaults) {
    this.rule = rule;
    this.defaults = defaults;
  }

  static ScriptedChat of(Function<ChatRequest, ChatResponse> rule) {
    return new ScriptedChat(rule, DefaultChatRequestParameters.EMPTY);
  }

  static ScriptedChat saying(String text) {
    return of(request -> response(text, FinishReason.STOP));
  }

  static ScriptedChat failing(RuntimeException failure) {
    return of(
        request -> {
          throw failure;
        });
  }

  static ChatResponse response(String text, FinishReason reason) {
    return ChatResponse.builder()
        .aiMessage(AiMessage.builder().text(text).build())
        .finishReason(reason)
        .tokenUsage(new TokenUsage(11, 7))
        .build();
  }

  @Override
  public ChatResponse doChat(ChatRequest request) {
    requests.add(request);
    return rule.apply(request);
  }

  @Override
  public ChatRequestParameters defaultRequestParameters() {
    return defaults;
  }

  @Override
  public String toString() {
    return "chat with sk-secret-1234567";
  }
}
