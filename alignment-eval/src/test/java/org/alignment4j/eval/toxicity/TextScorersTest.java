package org.alignment4j.eval.toxicity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.RemoteCallException;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.api.model.TextClassification;
import org.alignment4j.api.model.TextClassifier;
import org.alignment4j.core.judge.JudgeModel;
import org.alignment4j.core.judge.PromptTemplate;
import org.alignment4j.eval.solve.ScriptedGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextScorersTest {

  private static final CancellationToken NONE = CancellationToken.none();

  @TempDir Path folder;

  private static double value(TextScorer scorer, String text) {
    return ((Score.Scored) scorer.score(List.of(text), NONE).get(0)).value();
  }

  @Test
  void aLexiconFindsWholeWordsInAnyCase() {
    LexiconScorer lexicon = LexiconScorer.of(Map.of("fool", 0.5, "go to hell", 0.9, "Ärger", 0.3));
    assertThat(value(lexicon, "You FOOL!")).isEqualTo(0.5);
    assertThat(value(lexicon, "foolish")).isZero();
    assertThat(value(lexicon, "")).isZero();
    assertThat(value(lexicon, "a fool may go, to\nHELL")).isEqualTo(0.9);
    assertThat(value(lexicon, "go to the hell")).isZero();
    assertThat(value(lexicon, "so ein A\u0308RGER")).isEqualTo(0.3);
    LexiconScorer mood = LexiconScorer.of(Map.of("good", 0.5, "awful", -0.8, "fine", 0.8));
    assertThat(value(mood, "good but awful")).isEqualTo(-0.8);
    assertThat(value(mood, "fine but awful")).isEqualTo(0.8);
  }

  @Test
  void theBundledListIsMildAndWorks() {
    LexiconScorer mild = LexiconScorer.mild();
    assertThat(value(mild, "Oh, shut up, you nitwit.")).isEqualTo(0.7);
    assertThat(value(mild, "What a lovely morning.")).isZero();
    assertThat(mild.name()).startsWith("mild insults ").isEqualTo(LexiconScorer.mild().name());
  }

  @Test
  void aLexiconIsReadFromAFile() throws IOException {
    Path file = Files.writeString(folder.resolve("words.txt"), "# mine\n\nBig Oaf\ntwerp\t0.25\n");
    LexiconScorer lexicon = LexiconScorer.read(file);
    assertThat(value(lexicon, "you big oaf")).isEqualTo(1);
    assertThat(value(lexicon, "you twerp")).isEqualTo(0.25);
    assertThat(lexicon.name()).isNotEqualTo(LexiconScorer.of(Map.of("twerp", 0.25)).name());
    assertThat(lexicon.name())
        .isEqualTo(LexiconScorer.of(Map.of("twerp", 0.25, "big oaf", 1.0)).name());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a\t2|weight|must be a number in [-1, 1] but was '2'",
        "a\tx|weight|must be a number in [-1, 1] but was 'x'",
        "a\t1\t1|term|must be 'term' or 'term<tab>weight'",
        "...|term|must be 'term' or 'term<tab>weight' but was '...'",
        "OAF|term|must occur once but 'oaf' occurs twice"
      })
  void brokenLinesOfALexiconAreNamed(String line, String field, String message) throws IOException {
    Path file = Files.writeString(folder.resolve("words.txt"), "oaf\n" + line + "\n");
    assertThatThrownBy(() -> LexiconScorer.read(file))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining(message)
        .hasMessageContaining("words.txt, line 2, field '" + field + "'");
  }

  @Test
  void filesThatAreNoLexiconAreRefused() throws IOException {
    assertThatThrownBy(() -> LexiconScorer.read(folder.resolve("absent.txt")))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining("must exist");
    Path empty = Files.writeString(folder.resolve("empty.txt"), "# nothing\n");
    assertThatThrownBy(() -> LexiconScorer.read(empty)).hasMessageContaining("has none");
    Path latin =
        Files.write(folder.resolve("l.txt"), "\u00e4rger\n".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> LexiconScorer.read(latin)).hasMessageContaining("must be UTF-8");
    assertThatThrownBy(() -> LexiconScorer.of(Map.of("oaf", 1.5)))
        .hasMessageContaining("weight must be in [-1, 1] but that of 'oaf' was 1.5");
  }

  /** Positive by as much as the text has letters a, of four labels. */
  private static TextClassifier classifier(double nan) {
    return new TextClassifier() {
      @Override
      public String id() {
        return "letters";
      }

      @Override
      public List<String> labels() {
        return List.of("negative", "positive");
      }

      @Override
      public List<TextClassification> classify(List<String> texts, CancellationToken cancellation) {
        return texts.stream()
            .map(
                text -> {
                  double share = text.isEmpty() ? nan : text.replace("b", "").length() / 4.0;
                  return new TextClassification(labels(), List.of(1 - share, share), 0);
                })
            .toList();
      }
    };
  }

  @Test
  void aClassifierScoresByALabelOrTheDifferenceOfTwo() {
    TextClassifier classifier = classifier(Double.NaN);
    assertThat(value(ClassifierScorer.of(classifier, "positive"), "aaab")).isEqualTo(0.75);
    ClassifierScorer mood = ClassifierScorer.difference(classifier, "positive", "negative");
    assertThat(value(mood, "aaab")).isEqualTo(0.5);
    assertThat(mood.name()).isEqualTo("classifier letters positive - negative");
    assertThat(mood.score(List.of("", "aaaa"), NONE).get(0)).isInstanceOf(Score.Failed.class);
    assertThatThrownBy(() -> ClassifierScorer.of(classifier, "toxic"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must be one of [negative, positive]")
        .hasMessageContaining("was 'toxic'");
    assertThatThrownBy(() -> ClassifierScorer.difference(classifier, "positive", "positive"))
        .hasMessageContaining("must differ");
  }

  private static JudgeScorer judge(Function<String, String> replies) {
    return JudgeScorer.toxicity(
        JudgeModel.of(new ScriptedGenerator("judge", (prompt, number) -> replies.apply(prompt))));
  }

  @Test
  void aJudgesScaleIsMappedAndAReplyWithoutNumberIsNoVerdict() {
    JudgeScorer scorer = judge(text -> text.contains("oaf") ? "It is. [[7]]" : "I cannot say.");
    List<Score> scores = scorer.score(List.of("you oaf", "what?"), NONE);
    assertThat(((Score.Scored) scores.get(0)).value()).isCloseTo(0.7, within(1e-12));
    assertThat(scores.get(1)).isInstanceOf(Score.Unscored.class);
    PromptTemplate mood =
        PromptTemplate.parse(
            "mood.txt",
            "=== user ===\n{{fence}} {{form}} {{text}}",
            JudgeScorer.PLAIN,
            JudgeScorer.FENCED);
    JudgeScorer around =
        JudgeScorer.aroundZero(
            JudgeModel.of(new ScriptedGenerator("judge", (prompt, number) -> "[[-4]]")), mood);
    assertThat(value(around, "sad")).isCloseTo(-0.4, within(1e-12));
    assertThat(around.name()).isNotEqualTo(scorer.name());
  }

  @Test
  void aJudgesFailureIsThatOfItsTextUnlessItMayPass() {
    JudgeScorer broken =
        judge(
            text -> {
              if (text.contains("oaf")) {
                throw new ModelExecutionException("no memory");
              }
              return "[[0]]";
            });
    List<Score> scores = broken.score(List.of("you oaf", "hello"), NONE);
    assertThat(scores.get(0)).isEqualTo(new Score.Failed("ModelExecutionException: no memory"));
    assertThat(scores.get(1)).isEqualTo(new Score.Scored(0));
    JudgeScorer busy =
        judge(
            text -> {
              throw new RemoteCallException("busy", 429, true, null, null);
            });
    assertThatThrownBy(() -> busy.score(List.of("hello"), NONE))
        .isInstanceOf(RemoteCallException.class);
    JudgeScorer stopped =
        judge(
            text -> {
              throw new CancelledException("stopped");
            });
    assertThatThrownBy(() -> stopped.score(List.of("hello"), NONE))
        .isInstanceOf(CancelledException.class);
  }
}
