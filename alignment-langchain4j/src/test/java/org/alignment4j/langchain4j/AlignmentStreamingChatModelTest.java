package org.alignment4j.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.model.SamplingOptions;
import org.junit.jupiter.api.Test;

/** A streaming language model as a streaming chat model. */
final class AlignmentStreamingChatModelTest {
  private static final SamplingOptions DEFAULTS = SamplingOptions.builder(40).build();

  /** Remembers what it heard. */
  private static class Heard implements StreamingChatResponseHandler {
    final List<String> parts = new ArrayList<>();
    final List<ChatResponse> responses = new ArrayList<>();
    final List<Throwable> errors = new ArrayList<>();

    @Override
    public void onPartialResponse(String part) {
      parts.add(part);
    }

    @Override
    public void onCompleteResponse(ChatResponse response) {
      responses.add(response);
    }

    @Override
    public void onError(Throwable error) {
      errors.add(error);
    }
  }

  private static AlignmentStreamingChatModel chat(ScriptedModel model) {
    return AlignmentStreamingChatModel.of(model, DEFAULTS, Runnable::run);
  }

  @Test
  void textIsHandedOverAsItBecomesCertain() {
    Heard heard = new Heard();
    chat(ScriptedModel.saying("one two three")).chat("count", heard);

    assertThat(heard.parts).containsExactly("one ", "two ", "three");
    assertThat(heard.responses).hasSize(1);
    assertThat(heard.responses.get(0).aiMessage().text()).isEqualTo("one two three");
    assertThat(heard.responses.get(0).tokenUsage().outputTokenCount()).isEqualTo(5);
    assertThat(heard.errors).isEmpty();
  }

  @Test
  void itGeneratesOnTheGivenThreads() throws Exception {
    Heard heard = new Heard();
    ExecutorService threads = Executors.newSingleThreadExecutor();
    AlignmentStreamingChatModel.of(ScriptedModel.saying("one"), DEFAULTS, threads)
        .chat("count", heard);
    threads.shutdown();

    assertThat(threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    assertThat(heard.responses).hasSize(1);
  }

  @Test
  void theHandleStopsTheGenerationAndNothingMoreIsHeard() {
    Heard heard =
        new Heard() {
          @Override
          public void onPartialResponse(PartialResponse part, PartialResponseContext context) {
            parts.add(part.text());
            context.streamingHandle().cancel();
            assertThat(context.streamingHandle().isCancelled()).isTrue();
          }
        };
    chat(ScriptedModel.saying("one two three")).chat("count", heard);

    assertThat(heard.parts).containsExactly("one ");
    assertThat(heard.responses).isEmpty();
    assertThat(heard.errors).isEmpty();
  }

  @Test
  void failuresComeToTheHandlerOnce() {
    Heard refused = new Heard();
    chat(ScriptedModel.saying("x"))
        .chat(
            ChatRequest.builder()
                .messages(UserMessage.from("x"))
                .toolSpecifications(ToolSpecification.builder().name("t").build())
                .build(),
            refused);
    Heard failed = new Heard();
    chat(ScriptedModel.failing(new ModelExecutionException("broken"))).chat("x", failed);
    Heard cancelled = new Heard();
    chat(ScriptedModel.failing(new CancelledException("shut down"))).chat("x", cancelled);
    Heard throwing =
        new Heard() {
          @Override
          public void onPartialResponse(String part) {
            throw new IllegalStateException("handler broke");
          }
        };
    chat(ScriptedModel.saying("x")).chat("x", throwing);

    assertThat(refused.errors).singleElement().isInstanceOf(UnsupportedFeatureException.class);
    assertThat(failed.errors).singleElement().isExactlyInstanceOf(LangChain4jException.class);
    assertThat(cancelled.errors).singleElement().isInstanceOf(CancelledException.class);
    assertThat(throwing.errors)
        .singleElement()
        .satisfies(error -> assertThat(error).hasMessageContaining("handler broke"));
    assertThat(throwing.responses).isEmpty();
  }
}
