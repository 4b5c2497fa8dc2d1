package org.alignment4j.core.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AgreementTest {

  private static final Bootstrap FEW = new Bootstrap(200, 1, 0.9);

  private static int[] repeated(int... countsAndValues) {
    IntStream.Builder values = IntStream.builder();
    for (int i = 0; i < countsAndValues.length; i += 2) {
      for (int j = 0; j < countsAndValues[i]; j++) {
        values.add(countsAndValues[i + 1]);
      }
    }
    return values.build().toArray();
  }

  @Test
  void cohensKappaByHand() {
    // 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no: observed 0.7, chance 0.5.
    int[] first = repeated(25, 1, 25, 0);
    int[] second = repeated(20, 1, 5, 0, 10, 1, 15, 0);
    Agreement agreement = Agreement.cohenKappa(first, second, Bootstrap.seeded(1));
    assertThat(agreement.coefficient().estimate().value()).isCloseTo(0.4, within(1e-14));
    assertThat(agreement.raw()).isEqualTo(Estimates.proportion(35, 50));
    // Fleiss, Cohen and Everitt 1969, equation 13, gives 0.1267 for this table.
    assertThat(agreement.coefficient().estimate().standardError()).isCloseTo(0.1267, within(0.012));
  }

  @Test
  void fleissKappaAsPublished() {
    // Ten items by fourteen raters in five categories; the published value is 0.210.
    int[][] counts = {
      {0, 0, 0, 0, 14}, {0, 2, 6, 4, 2}, {0, 0, 3, 5, 6}, {0, 3, 9, 2, 0}, {2, 2, 8, 1, 1},
      {7, 7, 0, 0, 0}, {3, 2, 6, 3, 0}, {2, 5, 3, 2, 2}, {6, 5, 2, 1, 0}, {0, 2, 2, 3, 7}
    };
    int[][] ratings = new int[10][];
    Arrays.setAll(
        ratings,
        i ->
            repeated(
                counts[i][0],
                1,
                counts[i][1],
                2,
                counts[i][2],
                3,
                counts[i][3],
                4,
                counts[i][4],
                5));
    Agreement agreement = Agreement.fleissKappa(ratings, FEW);
    assertThat(agreement.coefficient().estimate().value()).isCloseTo(0.210, within(5e-4));
    assertThat(agreement.raw().value()).isCloseTo(0.378, within(5e-4));
    assertThat(agreement.coefficient().estimate().n()).isEqualTo(10);
  }

  @Test
  void krippendorffsAlphaAsPublished() {
    // Krippendorff 2011, section C: four observers, twelve units, missing ratings; 0.743.
    int[][] ratings = {
      {1, 1, 1}, {2, 2, 3, 2}, {3, 3, 3, 3}, {3, 3, 3, 3}, {2, 2, 2, 2}, {1, 2, 3, 4},
      {4, 4, 4, 4}, {1, 1, 2, 1}, {2, 2, 2, 2}, {5, 5, 5}, {1, 1}, {3}
    };
    Agreement agreement = Agreement.krippendorffAlpha(ratings, FEW);
    assertThat(agreement.coefficient().estimate().value()).isCloseTo(0.743, within(5e-4));
    assertThat(agreement.raw().unscored()).isEqualTo(1);
    assertThat(agreement.raw().n()).isEqualTo(11);
    // Two coders, no missing data (section A of the same text): 0.095.
    int[] a = {0, 1, 0, 0, 0, 0, 0, 0, 1, 0};
    int[] b = {1, 1, 1, 0, 0, 1, 0, 0, 0, 0};
    int[][] two = new int[10][];
    Arrays.setAll(two, i -> new int[] {a[i], b[i]});
    assertThat(Agreement.krippendorffAlpha(two, FEW).coefficient().estimate().value())
        .isCloseTo(0.095, within(5e-4));
  }

  @Test
  void oneCategoryIsRefusedAndCountedInResamples() {
    int[] same = {3, 3, 3};
    assertThatThrownBy(() -> Agreement.cohenKappa(same, same, FEW))
        .hasMessageContaining("all are 3")
        .hasMessageContaining("Cohen's kappa undefined");
    assertThatThrownBy(() -> Agreement.fleissKappa(new int[][] {{1, 1}}, FEW))
        .hasMessageContaining("Fleiss' kappa undefined");
    assertThatThrownBy(() -> Agreement.krippendorffAlpha(new int[][] {{1, 1}, {2}}, FEW))
        .hasMessageContaining("Krippendorff's alpha undefined");
    Agreement rare =
        Agreement.cohenKappa(new int[] {1, 1, 2}, new int[] {1, 1, 2}, new Bootstrap(1000, 1, 0.9));
    // 8/27 + 1/27.
    assertThat(rare.coefficient().undefinedResamples()).isBetween(270, 400);
    assertThat(rare.coefficient().estimate().value()).isEqualTo(1);
  }

  @Test
  void wrongArgumentsAreNamed() {
    assertThatThrownBy(() -> Agreement.cohenKappa(new int[1], new int[2], FEW))
        .hasMessageContaining("1 and 2");
    assertThatThrownBy(() -> Agreement.cohenKappa(new int[0], new int[0], FEW))
        .hasMessageContaining("must not be empty");
    assertThatThrownBy(() -> Agreement.fleissKappa(new int[][] {{1, 2}, {1, 2, 1}}, FEW))
        .hasMessageContaining("ratings[1]")
        .hasMessageContaining("Krippendorff");
    assertThatThrownBy(() -> Agreement.fleissKappa(new int[][] {{1}}, FEW))
        .hasMessageContaining("ratings[0]");
    assertThatThrownBy(() -> Agreement.krippendorffAlpha(new int[][] {{1}, {}}, FEW))
        .hasMessageContaining("none of 2 has");
  }

  @Test
  void perfectAgreementIsNotCertain() {
    int[] same = {1, 1, 1, 2, 2, 2, 1, 2, 1, 2};
    double low = Estimates.proportion(10, 10).ciLow();
    Agreement cohen = Agreement.cohenKappa(same, same, Bootstrap.seeded(1));
    assertThat(cohen.raw().ciLow()).isEqualTo(low);
    assertThat(cohen.coefficient().estimate().value()).isEqualTo(1);
    assertThat(cohen.coefficient().estimate().ciHigh()).isEqualTo(1);
    // Chance is ½: (w − ½)/½.
    assertThat(cohen.coefficient().estimate().ciLow()).isCloseTo(2 * low - 1, within(1e-12));
    int[][] three = new int[10][];
    Arrays.setAll(three, i -> new int[] {same[i], same[i], same[i]});
    Agreement fleiss = Agreement.fleissKappa(three, Bootstrap.seeded(1));
    assertThat(fleiss.raw().ciLow()).isEqualTo(low);
    assertThat(fleiss.coefficient().estimate().ciLow()).isCloseTo(2 * low - 1, within(1e-12));
    // Of 30 ratings 15 of each: two drawn without replacement agree with 14/29.
    Agreement alpha = Agreement.krippendorffAlpha(three, Bootstrap.seeded(1));
    assertThat(alpha.coefficient().estimate().ciLow())
        .isCloseTo((low - 14.0 / 29) / (15.0 / 29), within(1e-12));
  }

  @Test
  void rawAgreementStaysInRange() {
    int[][] ratings = {{1, 1, 1}, {2, 2, 2}, {1, 1, 2}};
    Agreement agreement = Agreement.fleissKappa(ratings, FEW);
    assertThat(agreement.raw().value()).isCloseTo(7.0 / 9, within(1e-15));
    assertThat(agreement.raw().ciHigh()).isEqualTo(1);
    assertThat(agreement.raw().ciLow()).isBetween(0.0, 0.5);
  }

  @Test
  void perfectAgreementOfRareCategoriesStaysInRange() {
    int[] raters = new int[100];
    raters[7] = 1;
    for (double level : new double[] {0.5, 0.95, 0.99}) {
      Agreement agreement = Agreement.cohenKappa(raters, raters, new Bootstrap(200, 1, level));
      assertThat(agreement.coefficient().estimate().ciLow()).isBetween(-1.0, 1.0);
      assertThat(agreement.coefficient().estimate().ciHigh()).isEqualTo(1);
    }
  }
}
