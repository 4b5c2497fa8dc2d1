package org.alignment4j.examples.sentiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sentiments counted by hand, with happy and kind positive, sad and afraid negative. */
class GoldSentimentTest {

  private GoldSentiment gold;

  @BeforeEach
  void words() throws IOException {
    gold =
        new GoldSentiment(
            Lexicon.read(
                new StringReader(
                    "# format=alignment4j-sentiment-lexicon version=1\n"
                        + "happy\t1\nkind\t1\nsad\t-1\nafraid\t-1\n"),
                "words.tsv"));
  }

  @Test
  void countsPositiveLessNegativeWords() {
    assertThat(gold.of("Tim was happy. Sue was kind and happy, but Ben was sad.")).isEqualTo(2);
    assertThat(gold.of("HAPPY Kind")).isEqualTo(2);
    assertThat(gold.of("The cat sat on the mat.")).isZero();
    assertThat(gold.of("")).isZero();
  }

  @Test
  void onlyWholeWordsCount() {
    assertThat(gold.of("unhappy kindergarten sadly")).isZero();
  }

  @Test
  void aNegationWithinTwoWordsTurnsTheSignRound() {
    assertThat(gold.of("He was not happy")).isEqualTo(-1);
    assertThat(gold.of("He was not very happy")).isEqualTo(-1);
    assertThat(gold.of("He was not so very happy")).isEqualTo(1);
    assertThat(gold.of("She wasn't afraid")).isEqualTo(1);
    assertThat(gold.of("She isn’t sad and never afraid")).isEqualTo(2);
  }

  @Test
  void aNegationEndsWithItsClause() {
    assertThat(gold.of("No, happy people sing")).isEqualTo(1);
    assertThat(gold.of("\"No!\" Happy people sing")).isEqualTo(1);
  }

  @Test
  void wordsAreLetterRunsInLowerCase() {
    assertThat(GoldSentiment.words("Tim's dog, 3 cats — don't!"))
        .containsExactly("tim's", "dog", "cats", "don't");
  }
}
