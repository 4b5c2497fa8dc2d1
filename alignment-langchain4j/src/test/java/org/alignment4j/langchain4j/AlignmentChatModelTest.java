package org.alignment4j.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.listener.ChatModelRequestContext;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.RemoteCallException;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.junit.jupiter.api.Test;

/** A language model as a chat model. */
final class AlignmentChatModelTest {
  private static final SamplingOptions DEFAULTS =
      SamplingOptions.builder(40).temperature(0.3).seed(5).minP(0.02).build();

  private static ChatRequest request(ChatRequestParameters parameters, ChatMessage... messages) {
    return ChatRequest.builder().messages(messages).parameters(parameters).build();
  }

  private static ChatRequest hello(ChatRequestParameters parameters) {
    return request(parameters, UserMessage.from("hello"));
  }

  @Test
  void requestsBecomePromptsAndResponsesHaveUsageAndReason() {
    ScriptedModel model = ScriptedModel.saying("fine");
    ChatResponse response =
        AlignmentChatModel.of(model, DEFAULTS)
            .chat(
                SystemMessage.from("be brief"),
                UserMessage.from(TextContent.from("how"), TextContent.from("are you?")),
                AiMessage.from("well"),
                UserMessage.from("really?"));

    assertThat(model.prompts)
        .containsExactly(
            Prompt.chat(
                Message.system("be brief"),
                Message.user("how\nare you?"),
                Message.assistant("well"),
                Message.user("really?")));
    assertThat(model.options).containsExactly(DEFAULTS);
    assertThat(response.aiMessage().text()).isEqualTo("fine");
    assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
    assertThat(response.tokenUsage().inputTokenCount()).isEqualTo(10);
    assertThat(response.tokenUsage().outputTokenCount()).isEqualTo(5);
    assertThat(response.modelName()).isEqualTo("scripted");
  }

  @Test
  void parametersOfTheRequestReplaceTheDefaults() {
    ScriptedModel model = ScriptedModel.saying("x");
    AlignmentChatModel.of(model, DEFAULTS)
        .chat(
            hello(
                ChatRequestParameters.builder()
                    .temperature(0.9)
                    .topP(0.8)
                    .topK(7)
                    .maxOutputTokens(9)
                    .stopSequences("END")
                    .build()));

    assertThat(model.options)
        .containsExactly(
            DEFAULTS.toBuilder()
                .temperature(0.9)
                .topP(0.8)
                .topK(7)
                .maxNewTokens(9)
                .stopStrings("END")
                .build());
  }

  @Test
  void whatATextModelCannotDoIsRefused() {
    ScriptedModel model = ScriptedModel.saying("x");
    AlignmentChatModel chat = AlignmentChatModel.of(model, DEFAULTS);
    List<ChatRequestParameters> parameters =
        List.of(
            ChatRequestParameters.builder()
                .toolSpecifications(ToolSpecification.builder().name("clock").build())
                .build(),
            ChatRequestParameters.builder().toolChoice(ToolChoice.REQUIRED).build(),
            ChatRequestParameters.builder().responseFormat(ResponseFormat.JSON).build(),
            ChatRequestParameters.builder().frequencyPenalty(0.5).build(),
            ChatRequestParameters.builder().presencePenalty(0.5).build(),
            ChatRequestParameters.builder().modelName("another").build());
    List<ChatMessage> messages =
        List.of(
            UserMessage.from(ImageContent.from("http://localhost/i.png")),
            ToolExecutionResultMessage.from("1", "clock", "noon"),
            AiMessage.from(ToolExecutionRequest.builder().name("clock").arguments("{}").build()));

    for (ChatRequestParameters asked : parameters) {
      assertThatThrownBy(() -> chat.chat(hello(asked)))
          .isInstanceOf(UnsupportedFeatureException.class)
          .hasMessageContaining("does not support");
    }
    for (ChatMessage message : messages) {
      assertThatThrownBy(() -> chat.chat(request(ChatRequestParameters.builder().build(), message)))
          .isInstanceOf(UnsupportedFeatureException.class);
    }
    assertThat(model.prompts).isEmpty();
    assertThat(
            chat.chat(
                    hello(
                        ChatRequestParameters.builder()
                            .responseFormat(ResponseFormat.TEXT)
                            .frequencyPenalty(0.0)
                            .modelName("scripted")
                            .build()))
                .aiMessage()
                .text())
        .isEqualTo("x");
  }

  @Test
  void failuresAreThoseLangChain4jKnows() {
    assertThatThrownBy(() -> failing(new RemoteCallException("slow", 429, true, null, null)))
        .isInstanceOf(RateLimitException.class)
        .hasCauseInstanceOf(RemoteCallException.class);
    assertThatThrownBy(() -> failing(new RemoteCallException("busy", 503, true, null, null)))
        .isInstanceOf(InternalServerException.class);
    assertThatThrownBy(() -> failing(new IllegalArgumentException("too long")))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessage("too long");
    assertThatThrownBy(() -> failing(new ModelExecutionException("broken")))
        .isExactlyInstanceOf(LangChain4jException.class);
    assertThatThrownBy(() -> failing(new CancelledException("stopped")))
        .isInstanceOf(CancelledException.class);
  }

  private static void failing(RuntimeException failure) {
    AlignmentChatModel.of(ScriptedModel.failing(failure), DEFAULTS).chat("hello");
  }

  @Test
  void listenersHearTheDefaults() {
    List<ChatRequestParameters> heard = new ArrayList<>();
    AlignmentChatModel chat =
        AlignmentChatModel.of(ScriptedModel.saying("x"), DEFAULTS)
            .withListeners(
                List.of(
                    new ChatModelListener() {
                      @Override
                      public void onRequest(ChatModelRequestContext context) {
                        heard.add(context.chatRequest().parameters());
                      }
                    }));
    chat.chat("hello");

    assertThat(heard.get(0).temperature()).isEqualTo(0.3);
    assertThat(heard.get(0).maxOutputTokens()).isEqualTo(40);
    assertThat(heard.get(0).modelName()).isEqualTo("scripted");
  }

  @Test
  void thereAndBackIsTheSameModel() {
    ScriptedModel model = ScriptedModel.saying("fine");
    LangChain4jModel back =
        LangChain4jModel.of(
                AlignmentChatModel.of(model, SamplingOptions.builder(8).build()), ScriptedChat.ID)
            .build();
    SamplingOptions options = SamplingOptions.builder(12).temperature(0.4).build();

    assertThat(back.generate(Prompt.text("hi"), options).text()).isEqualTo("fine");
    assertThat(model.options).containsExactly(options);
    LangChain4jModel failing =
        LangChain4jModel.of(
                AlignmentChatModel.of(
                    ScriptedModel.failing(new RemoteCallException("busy", 503, true, null, null)),
                    SamplingOptions.builder(8).build()),
                ScriptedChat.ID)
            .build();
    assertThatThrownBy(() -> failing.generate(Prompt.text("hi"), options))
        .isInstanceOf(RemoteCallException.class)
        .hasMessage("busy");
  }
}
