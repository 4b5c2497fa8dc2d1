package org.alignment4j.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.ChoiceDistribution;
import org.alignment4j.api.model.ChoiceProbability;
import org.alignment4j.api.model.ChoiceRequest;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.engine.Instrumentation;
import org.alignment4j.runtime.generate.ChoiceSearch;
import org.alignment4j.runtime.generate.DecodeSession;
import org.alignment4j.runtime.generate.DecodeSessions;
import org.alignment4j.runtime.generate.TokenSpellings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Probabilities of given replies against the sum over every way to spell them. */
class ChoiceTest {

  private static final Prompt PROMPT = Prompt.tokens(3, 5);

  /** Overlapping pieces, two tokens of one text, and a token that holds half a character. */
  private static final GeneratedTextTest.Bytes PIECES =
      GeneratedTextTest.tokens(
          "a",
          "b",
          "c",
          "ab",
          "bc",
          "abc",
          "a",
          "ca",
          " ",
          " a",
          "é",
          GeneratedTextTest.bytes(0xc3));

  private static DecoderModel model() {
    Map<String, Object> keys = RandomModels.llama(PIECES.vocabularySize(), 32, 4, 2, 32, 32);
    keys.put("eos_token_id", 0);
    ConfigJson config = RandomModels.config(keys);
    return DecoderModel.of(config, RandomModels.weights(config, 0.3), null, TestModels.CPU);
  }

  private static ChoiceDistribution choose(
      DecoderModel model, DecodeSession.Factory sessions, ChoiceRequest request) {
    ChoiceSearch search =
        new ChoiceSearch(
            sessions,
            model.architecture().config(),
            PIECES,
            Set.of(0),
            () -> TokenSpellings.of(PIECES, PIECES.vocabularySize()));
    return search.choose(
        0,
        request,
        new int[] {3, 5},
        request.choices().stream().map(choice -> PIECES.encode(choice).toArray()).toList(),
        CancellationToken.none());
  }

  /** Every token sequence that decodes to a text. */
  private static void spell(String text, List<Integer> tokens, List<TokenIds> found) {
    TokenIds ids = TokenIds.of(tokens.stream().mapToInt(i -> i).toArray());
    String so = PIECES.decode(ids);
    if (so.equals(text)) {
      found.add(ids);
    } else if (text.startsWith(so)) {
      for (int id = 1; id < PIECES.vocabularySize(); id++) {
        List<Integer> longer = new ArrayList<>(tokens);
        longer.add(id);
        spell(text, longer, found);
      }
    }
  }

  private static double probability(DecoderModel model, String text, boolean ended) {
    List<TokenIds> spellings = new ArrayList<>();
    spell(text, List.of(), spellings);
    return spellings.stream()
        .map(ids -> ended ? ids.concat(TokenIds.of(0)) : ids)
        .mapToDouble(
            ids ->
                Math.exp(
                    model.logProbabilities(List.of(Continuation.of(PROMPT, ids))).get(0).sum()))
        .sum();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void everyTokenisationCounts(boolean ended) {
    List<String> choices =
        ended ? List.of("abc", "ab", "abca", " ab", "c é") : List.of("abca", " ab", "bc a", "é");
    try (DecoderModel model = model()) {
      double[] expected =
          choices.stream().mapToDouble(choice -> probability(model, choice, ended)).toArray();
      double all = Arrays.stream(expected).sum();
      for (DecodeSession.Factory sessions :
          List.of(
              DecodeSessions.groupedQuery(model.instance()),
              DecodeSessions.cached(model.instance(), Instrumentation.none()))) {
        ChoiceDistribution found =
            choose(model, sessions, new ChoiceRequest(PROMPT, choices, ended));
        assertThat(found.unexplored()).isZero();
        double sum = 0;
        for (int i = 0; i < choices.size(); i++) {
          ChoiceProbability choice = found.choices().get(i);
          List<TokenIds> spellings = new ArrayList<>();
          spell(choices.get(i), List.of(), spellings);
          assertThat(choice.tokenizations()).as(choice.text()).isEqualTo(spellings.size());
          assertThat(choice.logProb()).isCloseTo(Math.log(expected[i]), within(1e-4));
          assertThat(choice.probability()).isCloseTo(expected[i] / all, within(1e-4));
          assertThat(PIECES.decode(choice.tokens())).isEqualTo(choice.text());
          sum += choice.probability();
        }
        assertThat(sum).isCloseTo(1, within(1e-12));
        assertThat(found.best().probability())
            .isEqualTo(
                found.choices().stream()
                    .mapToDouble(ChoiceProbability::probability)
                    .max()
                    .orElse(0));
      }
    }
  }

  /** What a level has no room for is bounded: the exact probability lies within. */
  @Test
  void whatIsLeftOutIsBounded() {
    String longText = String.join("", Collections.nCopies(5, "abca"));
    try (DecoderModel model = model()) {
      ChoiceDistribution found =
          choose(
              model,
              DecodeSessions.groupedQuery(model.instance()),
              ChoiceRequest.ending(PROMPT, longText, "abcab", "a"));
      assertThat(found.unexplored()).isGreaterThan(0);
      double exact = probability(model, "abcab", true);
      assertThat(Math.exp(found.choices().get(1).logProb())).isLessThanOrEqualTo(exact * 1.0001);
      assertThat(Math.exp(found.choices().get(1).logProb()) + found.unexplored())
          .isGreaterThanOrEqualTo(exact * 0.9999);
      assertThat(found.choices().get(0).tokenizations()).isGreaterThan(1);
    }
  }

  @Test
  void drawsFollowTheCumulativeDistribution() {
    try (DecoderModel model = model()) {
      ChoiceDistribution found =
          choose(
              model,
              DecodeSessions.groupedQuery(model.instance()),
              ChoiceRequest.ending(PROMPT, "a", "b", "c"));
      double first = found.choices().get(0).probability();
      assertThat(found.draw(0).text()).isEqualTo("a");
      assertThat(found.draw(Math.nextDown(first)).text()).isEqualTo("a");
      assertThat(found.draw(first + 1e-9).text()).isEqualTo("b");
      assertThat(found.draw(Math.nextDown(1.0)).text()).isEqualTo("c");
    }
  }

  @Test
  void requestsThatMeanNothingAreRefused() {
    assertThatThrownBy(() -> ChoiceRequest.beginning(PROMPT, "a", "ab"))
        .hasMessageContaining("'a' is of 'ab'");
    assertThatThrownBy(() -> ChoiceRequest.ending(PROMPT, "a", "a"))
        .hasMessageContaining("distinct");
    assertThatThrownBy(() -> ChoiceRequest.ending(PROMPT)).hasMessageContaining("one text or more");
    assertThatThrownBy(() -> ChoiceRequest.ending(PROMPT, "")).hasMessageContaining("none empty");
    try (DecoderModel model = model()) {
      assertThatThrownBy(() -> model.choose(ChoiceRequest.ending(PROMPT, "a")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("tokenizer.json");
      assertThatThrownBy(
              () ->
                  choose(
                      model,
                      DecodeSessions.groupedQuery(model.instance()),
                      ChoiceRequest.ending(PROMPT, "b".repeat(31))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("context of 32 tokens but have 33");
    }
  }

  /** A real tokenizer: a choice is at least as likely as its own tokenisation alone. */
  @Test
  void aTrainedModelWeighsWords() {
    try (DecoderModel model = TestModels.stories()) {
      Prompt prompt = Prompt.text("Once upon a time, there was a little");
      ChoiceDistribution found =
          model.choose(ChoiceRequest.beginning(prompt, " girl", " boy", " dog"));
      double sum = 0;
      for (ChoiceProbability choice : found.choices()) {
        double own = model.logProbabilities(prompt, choice.text()).sum();
        assertThat(choice.logProb()).isGreaterThan(own - 1e-4);
        assertThat(choice.tokenizations()).isGreaterThan(1);
        sum += choice.probability();
      }
      assertThat(sum).isCloseTo(1, within(1e-12));
      assertThat(found.best().text()).isEqualTo(" girl");
    }
  }

  @Test
  void choicesTooLongForTheContextAreNamedSo() {
    try (DecoderModel model = TestModels.stories()) {
      int context = model.architecture().config().maxPositions();
      String longest = " girl".repeat(context + 1);
      for (Prompt prompt : List.of(Prompt.text("a"), Prompt.text("a" + longest))) {
        assertThatThrownBy(() -> model.choose(ChoiceRequest.beginning(prompt, longest, " boy")))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("prompt and choice must fit the context of " + context)
            .hasMessageContaining("exceed it by ")
            .hasMessageEndingWith("; shorten the prompt or the choice");
      }
    }
  }
}
