package org.alignment4j.eval.factuality.selfcheck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.model.Usage;
import org.alignment4j.eval.factuality.PromptStyle;
import org.alignment4j.eval.factuality.TextModel;
import org.alignment4j.eval.factuality.WeighedChoices;
import org.junit.jupiter.api.Test;

class SentenceChecksTest {

  private static final CancellationToken NEVER = CancellationToken.none();

  private static double value(SentenceCheck check, List<String> sentences, List<String> samples) {
    return check
        .check(List.of(new SampledPassage(sentences, samples)), NEVER)
        .get(0)
        .get(0)
        .value()
        .orElseThrow();
  }

  @Test
  void unigramsByHand() {
    // Counts over passage and samples: a 3, b 1, c 2 of six.
    List<String> passage = List.of("A b", "a");
    List<String> samples = List.of("c c a");
    assertThat(value(NgramCheck.average(1), passage, samples))
        .isCloseTo((Math.log(6.0 / 3) + Math.log(6)) / 2, within(1e-12));
    assertThat(value(NgramCheck.max(1), passage, samples)).isCloseTo(Math.log(6), within(1e-12));
    assertThat(new NgramModel(1, List.of("a")).surprises("b"))
        .containsExactly(Double.POSITIVE_INFINITY);
    assertThat(NgramModel.tokens("Don't stop: 3.5%"))
        .containsExactly("don't", "stop", ":", "3", ".", "5", "%");
    assertThat(NgramCheck.max(1).name()).isEqualTo("unigram_max");
    assertThat(NgramCheck.average(3).name()).isEqualTo("3gram_avg");
    assertThatThrownBy(() -> NgramCheck.max(0)).hasMessage("n must be at least 1 but was 0");
  }

  /** Looks through all sentences for the history and for the n-gram. */
  private static double naive(List<List<String>> sentences, List<String> own, int at, int n) {
    List<String> padded = padded(own, n);
    List<String> gram = padded.subList(at, at + n);
    double grams = 0;
    double histories = 0;
    for (List<String> sentence : sentences) {
      List<String> other = padded(sentence, n);
      for (int i = 0; i + n <= other.size(); i++) {
        grams += other.subList(i, i + n).equals(gram) ? 1 : 0;
        histories += other.subList(i, i + n - 1).equals(gram.subList(0, n - 1)) ? 1 : 0;
      }
    }
    return -Math.log(grams / histories);
  }

  private static List<String> padded(List<String> words, int n) {
    List<String> padded = new ArrayList<>();
    IntStream.range(1, n).forEach(i -> padded.add("<s>"));
    padded.addAll(words);
    return padded;
  }

  @Test
  void ngramsEqualTheNaiveCountsAndAreFiniteOnThePassage() {
    SplittableRandom random = new SplittableRandom(2);
    for (int round = 0; round < 60; round++) {
      List<List<String>> sentences = new ArrayList<>();
      for (int s = 0; s < 4; s++) {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < 1 + random.nextInt(6); i++) {
          words.add("w" + random.nextInt(4));
        }
        sentences.add(words);
      }
      List<String> texts = sentences.stream().map(words -> String.join(" ", words)).toList();
      for (int n = 1; n <= 3; n++) {
        NgramModel model = new NgramModel(n, texts);
        for (int s = 0; s < texts.size(); s++) {
          double[] surprises = model.surprises(texts.get(s));
          assertThat(surprises).hasSize(sentences.get(s).size());
          for (int i = 0; i < surprises.length; i++) {
            assertThat(surprises[i])
                .isFinite()
                .isCloseTo(naive(sentences, sentences.get(s), i, n), within(1e-12));
          }
        }
      }
    }
  }

  @Test
  void whatSamplesRepeatIsLessSurprising() {
    List<String> passage = List.of("She was born in Rome.", "She died in Oslo.");
    List<String> same = List.of("She was born in Rome.", "She was born in Rome. She sang.");
    double[] scores =
        NgramCheck.max(1).check(List.of(new SampledPassage(passage, same)), NEVER).get(0).stream()
            .mapToDouble(score -> score.value().orElseThrow())
            .toArray();
    assertThat(scores[0]).isLessThan(scores[1]);
  }

  @Test
  void entailmentIsTheMeanShareOfContradiction() {
    EntailmentModel model =
        new EntailmentModel() {
          @Override
          public String id() {
            return "nli";
          }

          @Override
          public List<Inference> infer(List<Pair> pairs, CancellationToken cancellation) {
            return pairs.stream()
                .map(
                    pair ->
                        switch (pair.premise()) {
                          case "agrees" -> inference(0.6, 0.2);
                          case "differs" -> inference(0.1, 0.3);
                          default -> inference(0, 0);
                        })
                .toList();
          }

          private Inference inference(double yes, double no) {
            return new Inference(yes, no, Usage.ofScoring(3, 1, Duration.ZERO));
          }
        };
    List<SentenceScore> scores =
        new EntailmentCheck(model)
                .check(
                    List.of(
                        new SampledPassage(List.of("s"), List.of("agrees", "differs", "neither")),
                        new SampledPassage(List.of("s"), List.of("neither"))),
                    NEVER)
                .stream()
                .map(own -> own.get(0))
                .toList();
    assertThat(scores.get(0).value().orElseThrow()).isCloseTo((0.25 + 0.75) / 2, within(1e-12));
    assertThat(scores.get(0).unclear()).isEqualTo(1);
    assertThat(scores.get(0).usage().calls()).isEqualTo(3);
    assertThat(scores.get(1).value()).isEmpty();
    assertThat(EntailmentCheck.contradiction(0, 0.1)).hasValue(1);
    assertThatThrownBy(() -> new EntailmentModel.Inference(1.1, 0, Usage.NONE))
        .hasMessageContaining("must be in [0, 1]");
  }

  @Test
  void aLanguageModelInfersByTheWordsOfTheRelation() {
    WeighedChoices model = new WeighedChoices(prompt -> prompt.contains("same") ? 0.8 : 0.2);
    EntailmentModel nli = EntailmentModel.of(model, PromptStyle.TEXT);
    // Neutral and contradiction share the rest.
    assertThat(value(new EntailmentCheck(nli), List.of("x"), List.of("same")))
        .isCloseTo(0.1 / 0.9, within(1e-12));
    assertThat(model.asked().get(0).choices())
        .containsExactly(" entailment", " neutral", " contradiction");
    assertThat(TextModel.text(model.asked().get(0).prompt()))
        .startsWith("Premise: same\nHypothesis: x\n");
    EntailmentModel.of(model, PromptStyle.CHAT)
        .infer(List.of(new EntailmentModel.Pair("a", "b")), NEVER);
    assertThat(model.asked().get(1).choices()).contains("entailment");
  }

  @Test
  void askingCountsYesZeroNoOneAndTheRestOneHalf() {
    TextModel model =
        TextModel.of(
            prompt ->
                prompt.contains("Context: one line")
                    ? "Yes, it is."
                    : prompt.contains("Context: two") ? " No." : "Perhaps");
    List<SentenceScore> scores =
        PromptCheck.of(model, PromptStyle.TEXT)
            .check(
                List.of(
                    new SampledPassage(List.of("A."), List.of("one\nline", "two", "three")),
                    new SampledPassage(List.of("B."), List.of("three"))),
                NEVER)
            .stream()
            .map(own -> own.get(0))
            .toList();
    assertThat(scores.get(0).value()).isEqualTo(OptionalDouble.of(0.5));
    assertThat(scores.get(0).unclear()).isEqualTo(1);
    assertThat(scores.get(1).value()).isEmpty();
    assertThat(model.calls()).hasSize(1);
    assertThat(model.calls().get(0).get(0))
        .isEqualTo(
            "Context: one line\n\nSentence: A.\n\nIs the sentence supported by the context above?"
                + " Answer Yes or No.\n\nAnswer: ");
    assertThat(PromptCheck.parse("yes")).hasValue(0);
    assertThat(PromptCheck.parse("NO")).hasValue(1);
    assertThat(PromptCheck.parse("")).isEmpty();
  }

  @Test
  void linesKeepScores() {
    for (SentenceScore score :
        List.of(
            new SentenceScore(OptionalDouble.of(0.1 + 0.2), 20, 3, Usage.NONE),
            new SentenceScore(OptionalDouble.empty(), 2, 2, Usage.NONE))) {
      assertThat(ScoreLine.parse(ScoreLine.of(score))).isEqualTo(score);
    }
    assertThatThrownBy(() -> new SentenceScore(OptionalDouble.of(1), 1, 2, Usage.NONE))
        .hasMessage("unclear must be in [0, asked = 1] but was 2");
    assertThatThrownBy(() -> new SampledPassage(List.of("a"), List.of()))
        .hasMessage("samples must contain at least one but were none");
  }

  @Test
  void aCheckThatLosesScoresHasFailed() {
    SentenceCheck losing =
        new SentenceCheck() {
          @Override
          public String name() {
            return "losing";
          }

          @Override
          public String id() {
            return "losing";
          }

          @Override
          public List<List<SentenceScore>> check(
              List<SampledPassage> passages, CancellationToken cancellation) {
            return List.of(List.of());
          }
        };
    List<SampledPassage> passages = List.of(new SampledPassage(List.of("a", "b"), List.of("c")));
    assertThatThrownBy(() -> SelfCheckScorer.scores(losing, passages, NEVER))
        .isInstanceOf(ModelExecutionException.class)
        .hasMessage(
            "check 'losing' must give one score per sentence, [2] by passage, but gave [0]");
    assertThat(Arrays.asList(NgramCheck.Kind.values())).hasSize(2);
  }
}
