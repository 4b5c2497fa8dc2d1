package org.alignment4j.oversight.society;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SelfBleuTest {

  @Test
  void equalTextsAreAlikeAndDisjointOnesAreNot() {
    assertThat(SelfBleu.of("The cat sat on the mat.", "the cat sat on the mat"))
        .isCloseTo(100, within(1e-9));
    assertThat(SelfBleu.diversity("one two three four", "five six seven eight")).isEqualTo(100);
    assertThat(SelfBleu.of("", "")).isEqualTo(100);
    assertThat(SelfBleu.of("words", "")).isEqualTo(0);
  }

  @Test
  void countsAgreeWithThoseByHand() {
    // Of "the cat sat on the mat" against "the cat lay on a mat": unigrams the (once), cat, on,
    // mat = 4 of 6; bigrams "the cat" = 1 of 5; none of 4 and 3, each with one added above.
    double one = Math.pow(4 / 6.0 * (2 / 6.0) * (1 / 5.0) * (1 / 4.0), 0.25);
    assertThat(SelfBleu.of("the cat sat on the mat", "the cat lay on a mat"))
        .isCloseTo(100 * one, within(1e-9));
  }

  @Test
  void shortCandidatesArePenalised() {
    // "a b" against "a b c d": 2/2, (1+1)/(1+1), 1, 1, and exp(1 − 4/2); the other way 2/4,
    // (1+1)/(3+1), (0+1)/(2+1), (0+1)/(1+1).
    double brief = Math.exp(-1);
    double whole = Math.pow(0.5 * 0.5 / 3 * 0.5, 0.25);
    assertThat(SelfBleu.of("a b", "a b c d")).isCloseTo(50 * (brief + whole), within(1e-9));
    assertThat(SelfBleu.of("a b c d", "a b")).isCloseTo(50 * (brief + whole), within(1e-9));
  }
}
