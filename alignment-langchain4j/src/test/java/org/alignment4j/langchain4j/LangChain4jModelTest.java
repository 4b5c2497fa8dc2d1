package org.alignment4j.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.model.output.FinishReason;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.alignment4j.api.Cancellation;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.RemoteCallException;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.GenerationOutcome;
import org.alignment4j.api.model.GenerationRequest;
import org.alignment4j.api.model.Guidance;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.core.calls.RetryPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a chat model is called: failures, threads, cancellation. */
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
}
