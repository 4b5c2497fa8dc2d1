package org.alignment4j.core.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class MultipleComparisonsTest {

  @Test
  void byHand() {
    double[] raw = {0.01, 0.04, 0.03, 0.005};
    assertThat(MultipleComparisons.holm(raw))
        .containsExactly(new double[] {0.03, 0.06, 0.06, 0.02}, within(1e-15));
    assertThat(MultipleComparisons.benjaminiHochberg(raw))
        .containsExactly(new double[] {0.02, 0.04, 0.04, 0.02}, within(1e-15));
  }

  @Test
  void publishedExample() {
    // Benjamini and Hochberg 1995, section 3.2: 15 p-values, of which the procedure rejects 4 at
    // 0.05 and Bonferroni 3, as does Holm.
    double[] raw = {
      0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
      0.5719, 0.6528, 0.7590, 1.0000
    };
    double[] hochberg = MultipleComparisons.benjaminiHochberg(raw);
    double[] holm = MultipleComparisons.holm(raw);
    for (int i = 0; i < 15; i++) {
      assertThat(hochberg[i] <= 0.05).isEqualTo(i < 4);
      assertThat(holm[i] <= 0.05).isEqualTo(i < 3);
    }
    assertThat(hochberg[3]).isCloseTo(15.0 / 4 * 0.0095, within(1e-15));
    assertThat(holm[2]).isCloseTo(13 * 0.0019, within(1e-15));
  }

  @Test
  void tiesStayTied() {
    double[] raw = {0.02, 0.02, 0.02};
    assertThat(MultipleComparisons.holm(raw)).containsOnly(0.06);
    assertThat(MultipleComparisons.benjaminiHochberg(raw)).containsOnly(0.02);
    assertThat(MultipleComparisons.holm(new double[0])).isEmpty();
    assertThat(MultipleComparisons.benjaminiHochberg(new double[] {0.3})).containsExactly(0.3);
  }

  @Test
  void wrongValuesAreNamedByIndex() {
    assertThatThrownBy(() -> MultipleComparisons.holm(new double[] {0.1, Double.NaN}))
        .hasMessage("pValues[1] must be a number in [0, 1] but was NaN");
    assertThatThrownBy(() -> MultipleComparisons.benjaminiHochberg(new double[] {-0.1}))
        .hasMessageContaining("pValues[0]");
  }
}
