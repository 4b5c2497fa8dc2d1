package org.alignment4j.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.core.calls.RetryPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a chat model answers as completions. */
@Timeout(60)
final class LangChain4jAnswerTest {
  private static final SamplingOptions OPTIONS =
      SamplingOptions.builder(30).temperature(0.5).build();
  private static final RetryPolicy AT_ONCE =
      new RetryPolicy(3, Duration.ZERO, 1, Duration.ZERO, 0, Duration.ofSeconds(1));
  private static final Prompt HELLO = Prompt.text("hello");

  private static LangChain4jModel model(ScriptedChat chat) {
    return LangChain4jModel.of(chat, ScriptedChat.ID).build();
  }

  @Test
  void answersStandInTheOrderOfPromptsWithTheirUsage() {
    ScriptedChat chat =
        ScriptedChat.of(
            request ->
                ScriptedChat.response(
                    ((UserMessage) request.messages().get(0)).singleText().toUpperCase(Locale.ROOT),
                    FinishReason.STOP));
    List<Completion> answers =
        model(chat).generate(List.of(Prompt.text("a"), Prompt.text("b")), OPTIONS);

    assertThat(answers).extracting(Completion::text).containsExactly("A", "B");
    assertThat(answers.get(0).usage().calls()).isEqualTo(1);
    assertThat(answers.get(0).usage().promptTokens()).isEqualTo(11);
    assertThat(answers.get(0).usage().completionTokens()).isEqualTo(7);
    assertThat(answers.get(0).usage().time()).isPositive();
    assertThat(model(chat).generate(List.of(), OPTIONS)).isEmpty();
  }

  private static Completion answer(ChatResponse response, SamplingOptions options) {
    return model(ScriptedChat.of(request -> response)).generate(HELLO, options);
  }

  @Test
  void finishReasonsAreMapped() {
    SamplingOptions stopping = OPTIONS.toBuilder().stopStrings("END").build();

    assertThat(reason(FinishReason.STOP, OPTIONS))
        .isEqualTo(org.alignment4j.api.model.FinishReason.EOS);
    assertThat(reason(FinishReason.STOP, stopping))
        .isEqualTo(org.alignment4j.api.model.FinishReason.UNKNOWN);
    assertThat(reason(FinishReason.LENGTH, OPTIONS))
        .isEqualTo(org.alignment4j.api.model.FinishReason.LENGTH);
    assertThat(reason(FinishReason.CONTENT_FILTER, OPTIONS))
        .isEqualTo(org.alignment4j.api.model.FinishReason.CONTENT_FILTER);
    assertThat(reason(FinishReason.OTHER, OPTIONS))
        .isEqualTo(org.alignment4j.api.model.FinishReason.UNKNOWN);
    assertThat(reason(null, OPTIONS)).isEqualTo(org.alignment4j.api.model.FinishReason.UNKNOWN);
    Completion stopped = answer(ScriptedChat.response("one END two", FinishReason.STOP), stopping);
    assertThat(stopped.text()).isEqualTo("one ");
    assertThat(stopped.finishReason())
        .isEqualTo(org.alignment4j.api.model.FinishReason.STOP_STRING);
  }

  private static org.alignment4j.api.model.FinishReason reason(
      FinishReason reason, SamplingOptions options) {
    return answer(ScriptedChat.response("text", reason), options).finishReason();
  }

  @Test
  void aReasonWithoutTextIsTruncatedNotMalformed() {
    Completion completion = answer(ScriptedChat.response(null, FinishReason.LENGTH), OPTIONS);

    assertThat(completion.text()).isEmpty();
    assertThat(completion.truncated()).isTrue();
  }

  @Test
  void aResponseWithoutAnAnswerIsAFailureThatIsNotTriedAgain() {
    List<ChatResponse> malformed = new ArrayList<>();
    malformed.add(null);
    malformed.add(ScriptedChat.response(null, FinishReason.OTHER));
    malformed.add(
        ChatResponse.builder()
            .aiMessage(
                AiMessage.from(
                    "x", List.of(ToolExecutionRequest.builder().name("t").arguments("{}").build())))
            .build());
    malformed.add(
        ChatResponse.builder()
            .aiMessage(AiMessage.from("x"))
            .tokenUsage(new TokenUsage(-1, 2))
            .build());
    for (ChatResponse response : malformed) {
      ScriptedChat chat = ScriptedChat.of(request -> response);
      assertThatThrownBy(
              () ->
                  LangChain4jModel.of(chat, ScriptedChat.ID)
                      .retrying(AT_ONCE)
                      .build()
                      .generate(HELLO, OPTIONS))
          .isExactlyInstanceOf(ModelExecutionException.class)
          .hasMessageContaining("must hold an answer");
      assertThat(chat.requests).hasSize(1);
    }
  }

  @Test
  void tokensThatWereNotCountedCountNone() {
    ChatResponse uncounted = ChatResponse.builder().aiMessage(AiMessage.from("x")).build();

    assertThat(answer(uncounted, OPTIONS).usage().totalTokens()).isZero();
    assertThat(answer(uncounted, OPTIONS).usage().calls()).isEqualTo(1);
  }
}
