package org.alignment4j.core.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RandomDrawsTest {

  @Test
  void theFigureCountsAmongTheDraws() {
    assertThat(RandomDraws.chance(new double[] {1, 2, 3, 2.5}, 2.5)).isEqualTo(3.0 / 5);
    assertThat(RandomDraws.chance(new double[] {1, 2, 3}, 4)).isEqualTo(1.0 / 4);
    assertThat(RandomDraws.chance(new double[0], 4)).isEqualTo(1);
  }

  /** 1 − 0.9 is less than a tenth in binary. */
  @ParameterizedTest
  @CsvSource({"0.95, 19", "0.9, 9", "0.99, 99", "0.5, 1", "0.999, 999", "0.8, 4", "0.94, 16"})
  void asManyDrawsAreEnoughAndOneLessIsNot(double confidence, int least) {
    assertThat(RandomDraws.rejects(1.0 / (1 + least), confidence)).isTrue();
    assertThat(RandomDraws.rejects(1.0 / least, confidence)).isFalse();
    assertThatCode(() -> RandomDraws.requireEnough(least, confidence, "draws"))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> RandomDraws.requireEnough(least - 1, confidence, "draws"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "draws must be at least "
                + least
                + " for a confidence of "
                + confidence
                + " but were "
                + (least - 1));
  }
}
