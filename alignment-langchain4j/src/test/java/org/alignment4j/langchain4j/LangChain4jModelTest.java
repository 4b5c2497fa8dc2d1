package org.alignment4j.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.alignment4j.api.Cancellation;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.RemoteCallException;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.GenerationOutcome;
import org.alignment4j.api.model.GenerationRequest;
import org.alignment4j.api.model.Guidance;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.core.calls.RetryPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A chat model as a language model, with scripted responses. */
@Timeout(60)
final class LangChain4jModelTest {
  private static final SamplingOptions OPTIONS =
      SamplingOptions.builder(30).temperature(0.5).build();
  private static final RetryPolicy AT_ONCE =
      new RetryPolicy(3, Duration.ZERO, 1, Duration.ZERO, 0, Duration.ofSeconds(1));
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

  @Test
  void passingFailuresAreTriedAgainAndCounted() {
    AtomicInteger calls = new AtomicInteger();
    ScriptedChat chat =
        ScriptedChat.of(
            request -> {
              if (calls.incrementAndGet() < 3) {
                throw new InternalServerException("busy");
              }
              return ScriptedChat.response("yes", FinishReason.STOP);
            });
    LangChain4jModel model = LangChain4jModel.of(chat, ScriptedChat.ID).retrying(AT_ONCE).build();

    assertThat(model.generate(HELLO, OPTIONS).usage().retries()).isEqualTo(2);
    calls.set(-9);
    assertThatThrownBy(() -> model.generate(HELLO, OPTIONS))
        .isInstanceOf(RemoteCallException.class)
        .hasMessageContaining("busy");
    assertThat(calls).hasValue(-6);
  }

  @Test
  void theFirstFailureEndsABatchAndSamplesFailAlone() {
    ScriptedChat chat =
        ScriptedChat.of(
            request -> {
              if (request.messages().get(0).equals(UserMessage.from("bad"))) {
                throw new InvalidRequestException("bad request");
              }
              return ScriptedChat.response("yes", FinishReason.STOP);
            });
    List<Prompt> prompts = List.of(HELLO, Prompt.text("bad"), Prompt.text("never"));

    assertThatThrownBy(() -> model(chat).generate(prompts, OPTIONS))
        .isInstanceOf(RemoteCallException.class)
        .hasMessageContaining("bad request");
    assertThat(chat.requests).hasSize(2);
    List<GenerationOutcome> outcomes =
        model(chat)
            .sample(
                List.of(
                    GenerationRequest.of(Prompt.text("bad")),
                    GenerationRequest.of(Prompt.tokens(1)),
                    GenerationRequest.of(HELLO),
                    GenerationRequest.of(HELLO).with(new Guidance(HELLO, 2))),
                OPTIONS);
    assertThat(((GenerationOutcome.Failed) outcomes.get(0)).failure())
        .isInstanceOf(RemoteCallException.class);
    assertThat(((GenerationOutcome.Failed) outcomes.get(1)).failure())
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(outcomes.get(2).completion().text()).isEqualTo("yes");
    assertThat(((GenerationOutcome.Failed) outcomes.get(3)).failure())
        .hasMessageContaining("guidance");
  }

  @Test
  void promptsAreAskedAtOnceOnTheGivenThreads() throws Exception {
    CyclicBarrier all = new CyclicBarrier(4);
    ScriptedChat chat =
        ScriptedChat.of(
            request -> {
              await(all);
              return ScriptedChat.response(
                  ((UserMessage) request.messages().get(0)).singleText(), FinishReason.STOP);
            });
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      LangChain4jModel model =
          LangChain4jModel.of(chat, ScriptedChat.ID).concurrently(threads, 4).build();
      List<Prompt> prompts =
          List.of(Prompt.text("a"), Prompt.text("b"), Prompt.text("c"), Prompt.text("d"));

      assertThat(model.generate(prompts, OPTIONS))
          .extracting(Completion::text)
          .containsExactly("a", "b", "c", "d");
    } finally {
      threads.shutdownNow();
    }
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void anAttemptThatLastsTooLongIsGivenUpAndMayPass() {
    AtomicInteger calls = new AtomicInteger();
    ScriptedChat chat =
        ScriptedChat.of(
            request -> {
              if (calls.incrementAndGet() == 1) {
                sleep();
              }
              return ScriptedChat.response("late", FinishReason.STOP);
            });
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      LangChain4jModel.Builder builder =
          LangChain4jModel.of(chat, ScriptedChat.ID)
              .concurrently(threads, 2)
              .timeout(Duration.ofSeconds(1));
      RemoteCallException failure =
          catchThrowableOfType(
              RemoteCallException.class, () -> builder.build().generate(HELLO, OPTIONS));
      calls.set(0);

      assertThat(failure.retryable()).isTrue();
      assertThat(failure.status()).isEqualTo(OptionalInt.empty());
      assertThat(builder.retrying(AT_ONCE).build().generate(HELLO, OPTIONS).usage().retries())
          .isEqualTo(1);
    } finally {
      threads.shutdownNow();
    }
  }

  private static void sleep() {
    try {
      Thread.sleep(30_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Test
  void cancellationStopsBetweenPrompts() {
    Cancellation cancellation = new Cancellation();
    ScriptedChat chat =
        ScriptedChat.of(
            request -> {
              cancellation.cancel();
              return ScriptedChat.response("yes", FinishReason.STOP);
            });

    assertThatThrownBy(
            () -> model(chat).generate(List.of(HELLO, Prompt.text("never")), OPTIONS, cancellation))
        .isInstanceOf(CancelledException.class);
    assertThat(chat.requests).hasSize(1);
    assertThatThrownBy(() -> model(chat).generate(List.of(HELLO), OPTIONS, cancellation))
        .isInstanceOf(CancelledException.class);
    assertThat(chat.requests).hasSize(1);
  }

  @Test
  void cancellationInterruptsCallsOnOtherThreads() throws Exception {
    Cancellation cancellation = new Cancellation();
    CountDownLatch interrupted = new CountDownLatch(1);
    ScriptedChat chat =
        ScriptedChat.of(
            request -> {
              cancellation.cancel();
              try {
                Thread.sleep(30_000);
              } catch (InterruptedException e) {
                interrupted.countDown();
              }
              return ScriptedChat.response("late", FinishReason.STOP);
            });
    ExecutorService threads = Executors.newFixedThreadPool(1);
    try {
      LangChain4jModel model =
          LangChain4jModel.of(chat, ScriptedChat.ID).concurrently(threads, 1).build();

      assertThatThrownBy(() -> model.generate(List.of(HELLO), OPTIONS, cancellation))
          .isInstanceOf(CancelledException.class);
      assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void interruptionStopsACallInTheCallersThread() {
    ScriptedChat chat =
        ScriptedChat.of(
            request -> {
              Thread.currentThread().interrupt();
              throw new IllegalStateException(new InterruptedException());
            });

    assertThatThrownBy(
            () ->
                model(chat)
                    .generate(List.of(HELLO, Prompt.text("x")), OPTIONS, CancellationToken.none()))
        .isInstanceOf(CancelledException.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(chat.requests).hasSize(1);
  }

  @Test
  void settingsThatMakeNoSenseAreRefused() {
    LangChain4jModel.Builder builder =
        LangChain4jModel.of(ScriptedChat.saying("x"), ScriptedChat.ID);

    assertThatIllegalStateException()
        .isThrownBy(() -> builder.timeout(Duration.ofSeconds(1)).build())
        .withMessageContaining("concurrently");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.concurrently(Runnable::run, 0))
        .withMessage("most must be at least 1 but was 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.timeout(Duration.ZERO))
        .withMessageContaining("positive");
    assertThatIllegalArgumentException().isThrownBy(() -> builder.hiding("abc"));
  }

  @Test
  void noSecretOfTheChatModelShows() {
    assertThat(model(ScriptedChat.saying("x")).toString())
        .isEqualTo("test|http://localhost:1/v1|small")
        .isEqualTo(model(ScriptedChat.saying("x")).id());
  }

  @Test
  void twoSamplesOfOnePromptAreTwoCalls() {
    ScriptedChat chat = ScriptedChat.saying("x");
    model(chat).generate(Collections.nCopies(3, HELLO), OPTIONS);

    assertThat(chat.requests).hasSize(3);
  }
}
