package org.alignment4j.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.alignment4j.api.Cancellation;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.ContinuationScore;
import org.alignment4j.api.model.FinishReason;
import org.alignment4j.api.model.GenerationRequest;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.StreamedToken;
import org.alignment4j.api.model.TokenIds;
import org.junit.jupiter.api.Test;

/** Completions, whole and streamed: their randomness, their ends, and what is refused. */
class DecoderModelGenerationTest {

  @Test
  void randomNumbersDependOnSeedPromptAndSampleOnly() {
    try (DecoderModel model = TestModels.stories()) {
      SamplingOptions options = SamplingOptions.sampling(30, 11);
      Prompt prompt = Prompt.text("One day");
      Completion alone = model.generate(prompt, options);
      List<Completion> several =
          model.generate(
              List.of(Prompt.text("A much longer prompt, you see"), prompt, prompt), options);
      assertThat(several.get(1).tokens()).isEqualTo(alone.tokens());
      assertThat(several.get(2).tokens()).isNotEqualTo(alone.tokens());
      assertThat(model.samples(prompt, 2, options).get(1).tokens())
          .isEqualTo(several.get(2).tokens());
      assertThat(
              model
                  .sample(List.of(new GenerationRequest(prompt, 1, null)), options)
                  .get(0)
                  .completion()
                  .tokens())
          .isEqualTo(several.get(2).tokens());
      assertThat(model.generate(prompt, SamplingOptions.sampling(30, 12)).tokens())
          .isNotEqualTo(alone.tokens());
    }
  }

  @Test
  void streamedTextIsTheCompletionAndStopStringsEndIt() {
    try (DecoderModel model = TestModels.stories()) {
      List<StreamedToken> heard = new ArrayList<>();
      SamplingOptions options =
          SamplingOptions.builder(80).temperature(0).stopStrings("red ball").build();
      Completion completion = model.stream(Prompt.text("Once upon"), options, heard::add);
      assertThat(completion.finishReason()).isEqualTo(FinishReason.STOP_STRING);
      assertThat(completion.text()).startsWith(" a time").doesNotContain("red ball");
      StringBuilder text = new StringBuilder();
      heard.forEach(t -> text.append(t.text()));
      assertThat(text).hasToString(completion.text());
      assertThat(heard).hasSize(completion.tokens().size());
      assertThat(heard.get(3).id()).hasValue(completion.tokens().get(3));
    }
  }

  @Test
  void conversationsContinueAfterTheGenerationPrompt() {
    try (DecoderModel model = TestModels.stories()) {
      Prompt chat = Prompt.chat(Message.user("Tell me a story."));
      String rendered = model.chatTemplate().promptText(List.of(Message.user("Tell me a story.")));
      assertThat(model.generate(chat, SamplingOptions.greedy(5)).tokens())
          .isEqualTo(model.generate(Prompt.text(rendered), SamplingOptions.greedy(5)).tokens());
      ContinuationScore score = model.logProbabilities(chat, "Once upon a time");
      assertThat(model.tokenizer().decode(score.tokens())).endsWith("Once upon a time");
      assertThat(score.sum())
          .isCloseTo(
              model.logProbabilities(Prompt.text(rendered), " Once upon a time").sum(),
              within(1e-9));
    }
  }

  @Test
  void cancellationStopsAtTheNextToken() {
    try (DecoderModel model = TestModels.small()) {
      Cancellation cancellation = new Cancellation();
      List<StreamedToken> heard = new ArrayList<>();
      assertThatThrownBy(
              () ->
                  model.stream(
                      List.of(Prompt.tokens(5)),
                      SamplingOptions.builder(40).temperature(0).ignoreEos(true).build(),
                      token -> {
                        heard.add(token);
                        if (heard.size() == 3) {
                          cancellation.cancel();
                        }
                      },
                      cancellation))
          .isInstanceOf(CancelledException.class);
      assertThat(heard).hasSize(3);
      assertThatThrownBy(
              () ->
                  model.logProbabilities(
                      List.of(Continuation.of(Prompt.tokens(5), TokenIds.of(6))), cancellation))
          .isInstanceOf(CancelledException.class);
      assertThat(model.generate(List.of(), SamplingOptions.greedy(3), CancellationToken.none()))
          .isEmpty();
    }
  }

  @Test
  void theContextEndsACompletion() {
    try (DecoderModel model = TestModels.small()) {
      int[] prompt = new int[46];
      Arrays.fill(prompt, 9);
      SamplingOptions options = SamplingOptions.builder(40).temperature(0).ignoreEos(true).build();
      Completion completion = model.generate(Prompt.tokens(prompt), options);
      assertThat(completion.tokens().size()).isEqualTo(2);
      assertThat(completion.finishReason()).isEqualTo(FinishReason.LENGTH);
      assertThatThrownBy(() -> model.generate(Prompt.tokens(new int[48]), options))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("context of 48 tokens but the prompt has 48");
    }
  }

  @Test
  void refusesWhatTheModelCannotRead() {
    try (DecoderModel model = TestModels.small()) {
      SamplingOptions options = SamplingOptions.greedy(3);
      assertThatThrownBy(() -> model.generate(Prompt.tokens(5, 120), options))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("below the vocabulary's 120 but the one at index 1 was 120");
      assertThatThrownBy(
              () ->
                  model.logProbabilities(
                      List.of(Continuation.of(Prompt.tokens(5), TokenIds.of(6, 121)))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("index 1 was 121");
      assertThatThrownBy(() -> model.generate(Prompt.tokens(), options))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("at least one token");
      assertThatThrownBy(() -> model.generate(Prompt.text("hello"), options))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("tokenizer.json");
      assertThatThrownBy(
              () ->
                  model.generate(
                      Prompt.tokens(5), SamplingOptions.builder(3).stopStrings("x").build()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("stopStrings");
      assertThatThrownBy(model::tokenizer)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("no tokenizer");
      assertThat(model.generate(Prompt.tokens(5), options).text()).isEmpty();
    }
  }
}
