package org.alignment4j.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.langchain4j.model.output.FinishReason;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What of prompts and options a chat model is sent. */
@Timeout(60)
final class LangChain4jRequestTest {
  private static final SamplingOptions OPTIONS =
      SamplingOptions.builder(30).temperature(0.5).build();
  private static final Prompt HELLO = Prompt.text("hello");

  private static LangChain4jModel model(ScriptedChat chat) {
    return LangChain4jModel.of(chat, ScriptedChat.ID).build();
  }

  private static ChatRequest sent(Prompt prompt, SamplingOptions options) {
    ScriptedChat chat = ScriptedChat.saying("yes");
    model(chat).generate(prompt, options);
    return chat.requests.get(0);
  }

  @Test
  void conversationsAreSentByRoleAndTextAsTheUsersMessage() {
    Prompt chat =
        Prompt.chat(
            Message.system("be brief"),
            Message.user("one?"),
            Message.assistant("1"),
            Message.user("two?"));

    assertThat(sent(chat, OPTIONS).messages())
        .containsExactly(
            SystemMessage.from("be brief"),
            UserMessage.from("one?"),
            AiMessage.from("1"),
            UserMessage.from("two?"));
    assertThat(sent(HELLO, OPTIONS).messages()).containsExactly(UserMessage.from("hello"));
  }

  @Test
  void promptsThatCannotBeSaidAreRefusedBeforeAnythingIsAsked() {
    ScriptedChat chat = ScriptedChat.saying("yes");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> model(chat).generate(List.of(HELLO, Prompt.tokens(1, 2)), OPTIONS))
        .withMessageContaining("token ids")
        .withMessageContaining("test|http://localhost:1/v1|small");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> model(chat).generate(Prompt.text(" "), OPTIONS))
        .withMessageContaining("blank");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> model(chat).generate(Prompt.chat(Message.system(""), Message.user("x")), OPTIONS))
        .withMessageContaining("blank");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                model(chat)
                    .generate(Prompt.chat(Message.user("x"), Message.assistant("y")), OPTIONS))
        .withMessageContaining("do not continue");
    assertThat(chat.requests).isEmpty();
  }

  @Test
  void optionsOfChatEndpointsAreSent() {
    SamplingOptions options =
        SamplingOptions.builder(123)
            .temperature(0.25)
            .topP(0.75)
            .topK(40)
            .stopStrings("END", "STOP")
            .build();

    assertThat(sent(HELLO, options).parameters())
        .isEqualTo(
            ChatRequestParameters.builder()
                .temperature(0.25)
                .topP(0.75)
                .topK(40)
                .maxOutputTokens(123)
                .stopSequences("END", "STOP")
                .build());
  }

  @Test
  void greedyIsTemperatureZeroAndDefaultsAreLeftOut() {
    ChatRequestParameters parameters = sent(HELLO, SamplingOptions.greedy(5)).parameters();

    assertThat(parameters)
        .isEqualTo(ChatRequestParameters.builder().temperature(0.0).maxOutputTokens(5).build());
  }

  @Test
  void anOptionThatCannotBeSaidIsRefusedByName() {
    List<UnaryOperator<SamplingOptions.Builder>> unsaid =
        List.of(
            o -> o.minP(0.1),
            o -> o.typicalP(0.9),
            o -> o.epsilonCutoff(0.001),
            o -> o.etaCutoff(0.002),
            o -> o.repetitionPenalty(1.2),
            o -> o.noRepeatNgramSize(3),
            o -> o.ignoreEos(true),
            o -> o.logProbs(true),
            o -> o.topLogProbs(2),
            o -> o.seed(9));
    List<String> names =
        List.of(
            "minP 0.1",
            "typicalP 0.9",
            "epsilonCutoff 0.001",
            "etaCutoff 0.002",
            "repetitionPenalty 1.2",
            "noRepeatNgramSize 3",
            "ignoreEos",
            "logProbs",
            "topLogProbs 2",
            "seed 9");
    ScriptedChat chat = ScriptedChat.saying("yes");

    for (int i = 0; i < names.size(); i++) {
      SamplingOptions options = unsaid.get(i).apply(SamplingOptions.builder(8)).build();
      assertThatIllegalArgumentException()
          .isThrownBy(() -> model(chat).generate(HELLO, options))
          .withMessageContaining(names.get(i));
    }
    assertThat(chat.requests).isEmpty();
  }

  @Test
  void aDefaultOfTheChatModelThatWouldChangeAnOptionIsUndoneOrRefused() {
    ScriptedChat chat =
        new ScriptedChat(
            request -> ScriptedChat.response("yes", FinishReason.STOP),
            ChatRequestParameters.builder().temperature(0.9).topP(0.3).build());
    model(chat).generate(HELLO, SamplingOptions.greedy(5));

    assertThat(chat.requests.get(0).temperature()).isZero();
    assertThat(chat.requests.get(0).topP()).isEqualTo(1.0);
    for (DefaultChatRequestParameters.Builder<?> fixed :
        List.of(
            ChatRequestParameters.builder().topK(5),
            ChatRequestParameters.builder().stopSequences("x"))) {
      ScriptedChat stubborn = new ScriptedChat(request -> null, fixed.build());
      assertThatIllegalArgumentException()
          .isThrownBy(() -> model(stubborn))
          .withMessageContaining("no defaults that requests cannot undo");
    }
  }

  @Test
  void penaltiesOfTheChatModelArePartOfItsIdentity() {
    ScriptedChat chat =
        new ScriptedChat(
            request -> null, ChatRequestParameters.builder().presencePenalty(0.5).build());

    assertThat(model(chat).id()).isEqualTo("test|http://localhost:1/v1|small|presencePenalty=0.5");
  }

  @Test
  void seedsAreSentAsTheProvidersParameterOneForEachSample() {
    List<Long> seeds = new ArrayList<>();
    ScriptedChat chat = ScriptedChat.saying("yes");
    LangChain4jModel model =
        LangChain4jModel.of(chat, ScriptedChat.ID)
            .seeds(
                SeedPolicy.sent(
                    (common, seed) -> {
                      seeds.add(seed);
                      return common;
                    }))
            .build();
    List<Prompt> prompts = List.of(HELLO, Prompt.text("other"), HELLO, HELLO);
    model.generate(prompts, OPTIONS.toBuilder().seed(17).build());

    assertThat(seeds.get(0)).isEqualTo(17);
    assertThat(seeds.get(1)).isEqualTo(17);
    assertThat(seeds.subList(1, 4)).doesNotHaveDuplicates();
    assertThat(seeds.get(3)).isEqualTo(RequestWriter.seed(17, 2));
  }

  @Test
  void seedsNeedNotReachTheModelWhenThatIsSaid() {
    ScriptedChat chat = ScriptedChat.saying("yes");
    LangChain4jModel model =
        LangChain4jModel.of(chat, ScriptedChat.ID).seeds(SeedPolicy.unsent()).build();

    assertThat(model.generate(HELLO, OPTIONS.toBuilder().seed(1).build()).text()).isEqualTo("yes");
  }

  @Test
  void twoSamplesOfOnePromptAreTwoCalls() {
    ScriptedChat chat = ScriptedChat.saying("x");
    model(chat).generate(Collections.nCopies(3, HELLO), OPTIONS);

    assertThat(chat.requests).hasSize(3);
  }
}
