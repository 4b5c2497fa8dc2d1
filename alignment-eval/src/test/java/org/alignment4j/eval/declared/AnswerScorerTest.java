package org.alignment4j.eval.declared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.util.List;
import java.util.regex.Pattern;
import org.alignment4j.api.evaluation.Score;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerScorerTest {

  private static final Score RIGHT = new Score.Scored(1);
  private static final Score WRONG = new Score.Scored(0);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "so it is 18.|18",
        "18 eggs, then $1,234.50|1234.5",
        "-3|-3",
        "5-3 is -2|-2",
        "10-7|7",
        "3.0|3",
        "$-4 or -$4|-4",
        "1,2,3|3",
        "v2 beats 12th|12",
        "none at all|",
        "0.5 and .25|0.25",
        "12,345,678|12345678"
      })
  void theLastNumberIsFound(String text, String number) {
    assertThat(Numbers.last(text).map(BigDecimal::stripTrailingZeros))
        .isEqualTo(Numbers.of(number == null ? "x" : number));
  }

  @Test
  void scorersCompare() {
    assertThat(AnswerScorer.exact().score(" Bonn\n", List.of("Bonn"))).isEqualTo(RIGHT);
    assertThat(AnswerScorer.exact().score("bonn", List.of("Bonn"))).isEqualTo(WRONG);
    assertThat(AnswerScorer.contains().score("It is BONN.", List.of("x", "Bonn"))).isEqualTo(RIGHT);
    assertThat(AnswerScorer.numeric().score("= 1,000.0", List.of("1000"))).isEqualTo(RIGHT);
    assertThat(AnswerScorer.numeric().score("= 1,001", List.of("1000"))).isEqualTo(WRONG);
    assertThat(AnswerScorer.numeric().score("no idea", List.of("1000")))
        .isInstanceOf(Score.Unscored.class);
    assertThat(AnswerScorer.numeric().problem("many").orElseThrow()).contains("was 'many'");
    AnswerScorer letter = AnswerScorer.regex(Pattern.compile("\\(([AB])\\)"));
    assertThat(letter.score("not (A) but (B)", List.of("B"))).isEqualTo(RIGHT);
    assertThat(letter.score("not (B) but (A)", List.of("B"))).isEqualTo(WRONG);
    assertThat(letter.score("B", List.of("B"))).isInstanceOf(Score.Unscored.class);
  }

  @Test
  void overlapOfWordsIsThatOfTheOfficialScript() {
    // precision 2/3, recall 2/2
    assertThat(TokenF1.of("The Battle, of Hastings!", "Hastings battle"))
        .isCloseTo(0.8, within(1e-12));
    assertThat(TokenF1.of("a b b", "b b b")).isCloseTo(0.8, within(1e-12));
    assertThat(TokenF1.of("", "x")).isZero();
    assertThat(TokenF1.of("the", "a")).isEqualTo(1);
    assertThat(AnswerScorer.f1().score("red car", List.of("bus", "the red car"))).isEqualTo(RIGHT);
  }
}
