package org.alignment4j.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.ContinuationScore;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.TokenIds;
import org.junit.jupiter.api.Test;

/** Log-probabilities of given continuations. */
class DecoderModelScoringTest {

  @Test
  void continuationsOfOnePromptEqualThoseScoredAlone() {
    try (DecoderModel model = TestModels.small()) {
      List<Continuation> together = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        int[] tokens = new int[1 + i % 5];
        Arrays.fill(tokens, 10 + i);
        Prompt prompt =
            i % 3 == 0 ? Prompt.tokens(5, 6, 7) : Prompt.tokens(8, 9, 10, 11, 4 + i % 2);
        together.add(Continuation.of(prompt, TokenIds.of(tokens)));
      }
      List<ContinuationScore> scores = model.logProbabilities(together);
      for (int i = 0; i < together.size(); i++) {
        ContinuationScore alone = model.logProbabilities(List.of(together.get(i))).get(0);
        assertThat(scores.get(i).tokens()).isEqualTo(alone.tokens());
        assertThat(scores.get(i).greedy()).isEqualTo(alone.greedy());
        for (int t = 0; t < alone.logProbs().size(); t++) {
          assertThat(scores.get(i).logProbs().get(t))
              .isCloseTo(alone.logProbs().get(t), within(1e-5));
        }
      }
    }
  }

  @Test
  void scoresOfATokenSumToOneAndPromptsAreCutFromTheLeft() {
    try (DecoderModel model = TestModels.small()) {
      List<Continuation> all = new ArrayList<>();
      for (int v = 0; v < 120; v++) {
        all.add(Continuation.of(Prompt.tokens(5, 6), TokenIds.of(v)));
      }
      List<ContinuationScore> scores = model.logProbabilities(all);
      assertThat(scores.stream().mapToDouble(s -> Math.exp(s.sum())).sum())
          .isCloseTo(1, within(1e-5));
      assertThat(scores.stream().filter(ContinuationScore::greedy)).hasSize(1);

      int[] longPrompt = new int[60];
      Arrays.setAll(longPrompt, i -> i + 3);
      ContinuationScore cut =
          model
              .logProbabilities(
                  List.of(Continuation.of(Prompt.tokens(longPrompt), TokenIds.of(9, 10, 11))))
              .get(0);
      assertThat(cut.truncatedPromptTokens()).isEqualTo(60 + 2 - 48);
      assertThatThrownBy(
              () ->
                  model.logProbabilities(
                      List.of(Continuation.of(Prompt.tokens(5), TokenIds.of(new int[49])))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("context of 48 tokens but has 49");
    }
  }

  @Test
  void textBehindATokenPromptIsTokenisedAsBehindItsText() {
    try (DecoderModel model = TestModels.stories()) {
      for (String text : List.of("Once upon a", "Once", "Lily sang \"la la\" and")) {
        TokenIds prompt = TokenIds.of(1).concat(model.tokenizer().encode(text));
        ContinuationScore behindText = model.logProbabilities(Prompt.text(text), " time");
        ContinuationScore behindTokens = model.logProbabilities(Prompt.tokens(prompt), " time");
        assertThat(behindTokens.tokens()).isEqualTo(behindText.tokens());
        assertThat(behindTokens.sum()).isEqualTo(behindText.sum(), within(1e-6));
      }
      assertThatThrownBy(
              () ->
                  model.logProbabilities(
                      Prompt.tokens(model.tokenizer().encode("Once upon a ti")), "me"))
          .isInstanceOf(AlignmentException.class)
          .hasMessageContaining("straddles");
    }
  }

  /** Asked before each batch, and stopped at the first answer: no batch runs after it. */
  @Test
  void cancellationStopsAtTheNextBatch() {
    List<Continuation> items = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      items.add(
          Continuation.of(
              Prompt.tokens(new Random(i).ints(30, 3, 120).toArray()), TokenIds.of(5, 6, 7)));
    }
    try (DecoderModel model = TestModels.small()) {
      AtomicInteger asked = new AtomicInteger();
      model.logProbabilities(items, () -> asked.incrementAndGet() < 0);
      int batches = asked.get();
      assertThat(batches).as("batches of all").isGreaterThan(3);
      asked.set(0);
      assertThatThrownBy(() -> model.logProbabilities(items, () -> asked.incrementAndGet() == 3))
          .isInstanceOf(CancelledException.class);
      assertThat(asked.get()).isEqualTo(3);
    }
  }

  @Test
  void manyContinuationsOfOnePromptOnAShortContext() {
    List<Continuation> items = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      items.add(
          Continuation.of(
              Prompt.tokens(5, 6, 7), TokenIds.of(new Random(i).ints(40, 3, 120).toArray())));
    }
    try (DecoderModel model = TestModels.small()) {
      List<ContinuationScore> together = model.logProbabilities(items);
      for (int i = 0; i < items.size(); i += 7) {
        double alone = model.logProbabilities(List.of(items.get(i))).get(0).sum();
        assertThat(together.get(i).sum()).isEqualTo(alone, within(1e-4));
      }
    }
  }
}
