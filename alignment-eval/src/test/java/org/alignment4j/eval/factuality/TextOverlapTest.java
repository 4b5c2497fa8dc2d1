package org.alignment4j.eval.factuality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextOverlapTest {

  private static final String[] WORDS = {"a", "b", "c", "d", "e"};

  /** Values of sacreBLEU 2.6.0, exp smoothing, international tokenization. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "The cat sat on the mat.|The cat is on the mat.|48.892302243490086",
        "Nothing happens if you eat seeds.|Nothing happens to you if you eat the seeds.|23.406473206426455",
        "I have no comment.|I have no comment.|100.00000000000004",
        "No.|No, it is not.|0.0",
        "It costs $3.50, i.e. 10% more!|It costs $3.50, that is 10% more.|39.832871551569504",
        "completely different words appear here today|The seeds pass through you.|0.0",
        "The U.S. won 1,000 medals in 1992|The U.S. won 1,000 medals in 1992, they say.|67.03200460356396",
        "a a a a a a a a|a b a b a b|7.267884212102741",
        "Zürich — “naïve” café|Zürich – “naïve” cafés|32.46679154750991",
        "one two three|one two three|0.0",
        "The seeds pass through your digestive system and nothing else happens at all to anybody|The seeds pass through your digestive system.|40.016016019225006"
      })
  void bleuEqualsSacreBleu(String candidate, String reference, double score) {
    assertThat(Bleu.sentence(candidate, reference)).isCloseTo(score, within(1e-9));
  }

  @Test
  void bleuTokens() {
    assertThat(Bleu.tokens("It costs $3.50, i.e. 10% more!"))
        .containsExactly(
            "It", "costs", "$", "3.50", ",", "i", ".", "e", ".", "10", "%", "more", "!");
    assertThat(Bleu.sentence("", "Something.")).isZero();
    assertThat(Bleu.sentence("Something is.", "")).isZero();
  }

  private static List<String> words(SplittableRandom random, int most) {
    List<String> words = new ArrayList<>();
    int n = random.nextInt(most + 1);
    for (int i = 0; i < n; i++) {
      words.add(WORDS[random.nextInt(WORDS.length)]);
    }
    return words;
  }

  /** Counts by taking pairs of equal n-grams away one by one. */
  private static int naiveCommon(List<String> own, List<String> other, int n) {
    List<List<String>> left = new ArrayList<>();
    for (int j = 0; j + n <= other.size(); j++) {
      left.add(other.subList(j, j + n));
    }
    int common = 0;
    for (int i = 0; i + n <= own.size(); i++) {
      common += left.remove(own.subList(i, i + n)) ? 1 : 0;
    }
    return common;
  }

  /** By trying to leave out the first token of either. */
  private static int naiveLongest(List<String> own, List<String> other) {
    if (own.isEmpty() || other.isEmpty()) {
      return 0;
    }
    List<String> ownRest = own.subList(1, own.size());
    List<String> otherRest = other.subList(1, other.size());
    return own.get(0).equals(other.get(0))
        ? 1 + naiveLongest(ownRest, otherRest)
        : Math.max(naiveLongest(ownRest, other), naiveLongest(own, otherRest));
  }

  private static double f(double common, double own, double other) {
    if (common == 0) {
      return 0;
    }
    double precision = common / own;
    double recall = common / other;
    return 100 * 2 * precision * recall / (precision + recall);
  }

  @Test
  void rougeEqualsTheNaiveCounts() {
    SplittableRandom random = new SplittableRandom(3);
    for (int round = 0; round < 300; round++) {
      List<String> own = words(random, 9);
      List<String> other = words(random, 9);
      String candidate = String.join(" ", own);
      String reference = String.join(" ", other);
      for (int n = 1; n <= 2; n++) {
        assertThat(Rouge.ngrams(n, candidate, reference))
            .isCloseTo(
                f(naiveCommon(own, other, n), own.size() - n + 1, other.size() - n + 1),
                within(1e-9));
      }
      assertThat(Rouge.longest(candidate, reference))
          .isCloseTo(f(naiveLongest(own, other), own.size(), other.size()), within(1e-9));
    }
  }

  /** The example of Lin 2004, section 3.2: three of four words in both, in order or not. */
  @Test
  void rougeByHand() {
    String reference = "police killed the gunman";
    assertThat(Rouge.longest("police kill the gunman", reference)).isCloseTo(75, within(1e-12));
    assertThat(Rouge.longest("the gunman kill police", reference)).isCloseTo(50, within(1e-12));
    assertThat(Rouge.ngrams(2, "the gunman kill police", reference))
        .isCloseTo(100.0 / 3, within(1e-12));
    assertThat(Rouge.tokens("It's 3.5 Naïve")).containsExactly("it", "s", "3", "5", "na", "ve");
    assertThat(Rouge.ngrams(1, "", reference)).isZero();
    assertThat(Rouge.longest("!", reference)).isZero();
    assertThatThrownBy(() -> Rouge.ngrams(0, "a", "a"))
        .hasMessage("n must be at least 1 but was 0");
  }

  @Test
  void overlapsAreOneHundredForEqualAndSymmetricForRouge() {
    SplittableRandom random = new SplittableRandom(4);
    for (int round = 0; round < 100; round++) {
      List<String> own = words(random, 12);
      String text = String.join(" ", own);
      String other = String.join(" ", words(random, 12));
      if (own.size() >= 4) {
        assertThat(Bleu.sentence(text, text)).isCloseTo(100, within(1e-9));
        assertThat(Rouge.longest(text, text)).isCloseTo(100, within(1e-9));
      }
      assertThat(Bleu.sentence(text, other)).isBetween(0.0, 100.0);
      assertThat(Rouge.longest(text, other)).isEqualTo(Rouge.longest(other, text));
      assertThat(Rouge.longest(text, other))
          .isLessThanOrEqualTo(Rouge.ngrams(1, text, other) + 1e-9);
    }
  }
}
