package org.alignment4j.rlhf.reward;

import static org.alignment4j.rlhf.reward.Scoring.answer;
import static org.alignment4j.rlhf.reward.Scoring.answers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import org.alignment4j.api.Cancellation;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.reward.Reward;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules against verdicts of a reader. */
class RewardRulesTest {

  private static double reward(RewardRule rule, String completion) {
    return rule.reward(answer("x", completion)).getAsDouble();
  }

  @Test
  void aFormatIsOfTheWholeAnswerAndCrossesLines() {
    RewardRule rule = RewardRules.matches("<a>.*</a>");
    assertThat(reward(rule, "<a>one\ntwo</a>")).isEqualTo(1);
    assertThat(reward(rule, "<a>one</a> ")).isZero();
    assertThat(reward(rule, "so <a>one</a>")).isZero();
    assertThat(reward(rule, "")).isZero();
  }

  @Test
  void placesCountUpToAMost() {
    RewardRule rule = RewardRules.found(Pattern.compile("ha"), -0.5, 3);
    assertThat(reward(rule, "no")).isZero();
    assertThat(reward(rule, "ha ha")).isEqualTo(-1);
    assertThat(reward(rule, "hahahahaha")).isEqualTo(-1.5);
    assertThat(reward(RewardRules.found(Pattern.compile(""), 1, 2), "abc")).isEqualTo(2);
    assertThatThrownBy(() -> RewardRules.found(Pattern.compile("a"), 1, 0))
        .hasMessage("each must be finite and most at least 1 but were 1.0 and 0");
    assertThatThrownBy(() -> RewardRules.found(Pattern.compile("a"), Double.NaN, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void keywordsAreWholeWordsInAnyCase() {
    RewardRule rule = RewardRules.keywords(List.of("cat", "c++", "Äpfel", "dog"));
    assertThat(reward(rule, "The CAT likes C++ and äpfel.")).isEqualTo(0.75);
    assertThat(reward(rule, "concatenate the dogma")).isZero();
    assertThatThrownBy(() -> RewardRules.keywords(List.of("a", " ")))
        .hasMessage("words must be at least one, none blank, but were [a,  ]");
    assertThatThrownBy(() -> RewardRules.keywords(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "<think>a</think><answer>b</answer>|1",
        "\" <think>a\nb</think>\n\n<answer></answer> \"|1",
        "<answer>b</answer><think>a</think>|0",
        "<think>a</think> so <answer>b</answer>|0",
        "<think>a<answer>b</answer></think>|0",
        "<think>a<think>c</think></think><answer>b</answer>|0",
        "<think>a</think><answer>b</answer><answer>c</answer>|0",
        "<think>a</think><answer>b|0",
        "plain|0"
      })
  void taggedSectionsOccurOnceInOrder(String completion, double expected) {
    assertThat(reward(RewardRules.tagged("think", "answer"), completion)).isEqualTo(expected);
  }

  @Test
  void tagsMustDiffer() {
    assertThatThrownBy(() -> RewardRules.tagged("a", "a"))
        .hasMessage("tags must be at least one, all different, but were [a, a]");
    assertThatThrownBy(RewardRules::tagged).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\": 1, \"b\": [2]}|1",
        "{\"a\": 1}|0",
        "{\"a\": 1, \"b\": 2} and|0",
        "{\"a\": 1, \"b\": 2, \"a\": 3}|0",
        "{\"a\": 1, \"b\": 2|0",
        "[\"a\", \"b\"]|0",
        "3|0",
        "``|0"
      })
  void jsonHasItsFields(String completion, double expected) {
    assertThat(reward(RewardRules.json("a", "b"), completion)).isEqualTo(expected);
  }

  @Test
  void jsonWithoutFieldsIsAnyObjectOrArray() {
    assertThat(reward(RewardRules.json(), " [1, {}] ")).isEqualTo(1);
    assertThat(reward(RewardRules.json(), "{}")).isEqualTo(1);
    assertThat(reward(RewardRules.json(), "\"text\"")).isZero();
    // Deeper than a reader may follow: no stack overflow.
    assertThat(reward(RewardRules.json(), "[".repeat(100_000))).isZero();
  }

  @Test
  void lengthsAreOfWordsOrCharacters() {
    RewardRule words = RewardRules.length(TextLength.WORDS::of, new LengthBand(2, 3, 2));
    assertThat(reward(words, "  one\ttwo \n three ")).isEqualTo(1);
    assertThat(reward(words, "a b c d")).isEqualTo(0.5);
    assertThat(reward(words, "")).isZero();
    assertThat(TextLength.CHARACTERS.of("a\uD83D\uDE00b")).isEqualTo(3);
    assertThat(TextLength.WORDS.of(" \n")).isZero();
  }

  @Test
  void exactAnswersIgnoreOuterWhiteSpaceOnly() {
    RewardRule rule =
        RewardRules.exact(p -> ((Prompt.Text) p).text().equals("x") ? " Paris " : null);
    assertThat(reward(rule, "Paris\n")).isEqualTo(1);
    assertThat(reward(rule, "paris")).isZero();
    assertThat(rule.reward(answer("y", "Paris"))).isEmpty();
    assertThat(RewardRules.exact(p -> " ").reward(answer("x", ""))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "@ 42|The answer is 42.|1",
        "`She has 3.\n@ 1,234`|so 1234|1",
        "42|We get 41, no: \\boxed{42} of 50|1",
        "42|\\boxed{41} then \\boxed{ 42.0 }|1",
        "42|\\boxed{41}, or 42|0",
        "2/3|\\boxed{\\frac{2}{3}}|1",
        "\\frac{4}{6}|it is 2/3|1",
        "-\\frac{1}{2}|x = -0.5|1",
        "-7|5-7|0",
        "7|5-7|1",
        "-7|is \u22127|1",
        "$3.50|3.5 dollars|1",
        "12%|12 percent|1",
        "1.5e3|1500|1",
        "1500|1.5e3|1",
        ".5|0.50|1",
        "0.3333|1/3|0",
        "42|no number here|0",
        "42|1/0|0",
        "100|1,00|0"
      })
  void numbersAreComparedExactly(String stated, String completion, double expected) {
    // A number sign begins a comment of the table.
    String gold = stated.replace("@", "####");
    assertThat(reward(RewardRules.number(p -> gold), completion)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"forty-two", "''", "4 apples and 2 pears", "1/0", "@ unknown"})
  void withoutAGoldNumberTheRuleDoesNotApply(String stated) {
    String gold = stated.replace("@", "####");
    assertThat(RewardRules.number(p -> gold).reward(answer("x", "42"))).isEmpty();
    assertThat(RewardRules.number(p -> null).reward(answer("x", "42"))).isEmpty();
  }

  @Test
  void nearNumbersMatchWithinATolerance() {
    RewardRule rule = RewardRules.number(p -> "-200", 0.01);
    assertThat(reward(rule, "-198")).isEqualTo(1);
    assertThat(reward(rule, "-197.9")).isZero();
    assertThat(reward(rule, "200")).isZero();
    assertThat(reward(RewardRules.number(p -> "0", 0.5), "0.0001")).isZero();
    assertThat(NumberAnswer.last("-2/3").orElseThrow().value()).isCloseTo(-2 / 3.0, within(1e-12));
    assertThatThrownBy(() -> RewardRules.number(p -> "1", -1))
        .hasMessage("tolerance must be finite and not negative but was -1.0");
  }

  @Test
  void longTextsAreReadInTimeThatGrowsWithThem() {
    String text = "1,234 ".repeat(20_000) + "9".repeat(100_000) + " 1e999 5";
    assertThat(NumberAnswer.last(text).orElseThrow()).hasToString("5");
    assertThat(NumberAnswer.last("9".repeat(201))).as("more digits than any answer").isEmpty();
    assertThat(NumberAnswer.last("9".repeat(200))).isPresent();
  }

  @Test
  void rulesScaleAndBecomeModels() {
    RewardRule rule = RewardRules.number(p -> ((Prompt.Text) p).text()).times(-2);
    assertThat(
            rule.score(
                List.of(answer("3", "3"), answer("none", "3"), answer("3", "4")),
                CancellationToken.none()))
        .containsExactly(OptionalDouble.of(-2), OptionalDouble.empty(), OptionalDouble.of(-0.0));
    assertThat(rule.toModel("number").score(List.of(answer("3", "3"))))
        .containsExactly(Reward.of(-2));
    assertThat(rule.toModel("number").id()).isEqualTo("number");
    assertThatThrownBy(
            () -> rule.toModel("number").score(List.of(answer("3", "3"), answer("none", "3"))))
        .isInstanceOf(ModelExecutionException.class)
        .hasMessageContaining("'number'")
        .hasMessageContaining("answers[1] has none");
    assertThatThrownBy(() -> rule.times(Double.NaN)).hasMessageContaining("factor must be finite");
    Cancellation cancelled = new Cancellation();
    cancelled.cancel();
    assertThatThrownBy(() -> rule.score(answers("1"), cancelled))
        .isInstanceOf(CancelledException.class);
  }
}
