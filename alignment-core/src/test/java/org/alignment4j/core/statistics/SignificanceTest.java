package org.alignment4j.core.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SignificanceTest {

  @Test
  void fishersDarwinData() {
    // Fisher 1935, section 21: Darwin's 15 pairs of maize, differences in eighths of an inch. Of
    // the 32768 sign patterns 863 give a sum of at least 314 and 863 one of at most −314.
    double[] differences = {49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48};
    TestResult result = SignFlipTest.seeded(1).of(differences, new double[15]);
    assertThat(result.exact()).isTrue();
    assertThat(result.arrangements()).isEqualTo(32768);
    assertThat(result.pValue()).isEqualTo(2 * 863.0 / 32768);
    assertThat(result.statistic()).isCloseTo(314.0 / 15, within(1e-12));
  }

  @Test
  void randomPatternsApproachTheExactValue() {
    double[] differences = {49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48};
    TestResult drawn = new SignFlipTest(20000, 7).of(differences, new double[15]);
    assertThat(drawn.exact()).isFalse();
    // Four standard errors of 20000 draws at 0.0527.
    assertThat(drawn.pValue()).isCloseTo(2 * 863.0 / 32768, within(0.0064));
    assertThat(drawn).isEqualTo(new SignFlipTest(20000, 7).of(differences, new double[15]));
    double[] strong = new double[100];
    Arrays.fill(strong, 1);
    assertThat(new SignFlipTest(999, 7).of(strong, new double[100]).pValue()).isEqualTo(0.001);
  }

  @Test
  void clustersChangeSignTogether() {
    double[] first = {1, 2, 3, 4, 5, 6};
    int[] clusters = {4, 4, 4, 9, 9, -3};
    TestResult clustered = SignFlipTest.seeded(1).of(first, new double[6], clusters);
    // Sums 6, 9, 6: only the two uniform patterns reach 21.
    assertThat(clustered.pValue()).isEqualTo(2.0 / 8);
    assertThat(clustered.clusters()).isEqualTo(3);
    assertThat(clustered.statistic()).isEqualTo(3.5);
    assertThat(SignFlipTest.seeded(1).of(first, new double[6]).pValue()).isEqualTo(2.0 / 64);
  }

  @Test
  void equalScoresAreNoDifference() {
    TestResult same = SignFlipTest.seeded(1).of(new double[200], new double[200]);
    assertThat(same.pValue()).isEqualTo(1);
    assertThat(same.exact()).isTrue();
    assertThat(same.n()).isEqualTo(200);
  }

  @Test
  void roundingDoesNotHideTies() {
    // 0.1 + 0.2 − 0.3 in any order is a tie with zero.
    TestResult result =
        SignFlipTest.seeded(1).of(new double[] {0.1, 0.2, -0.3}, new double[] {0, 0, 0});
    assertThat(result.pValue()).isEqualTo(1);
  }

  @Test
  void labelsByHand() {
    // {1, 2, 3} against {4, 5, 6}: of the 20 divisions only this and its mirror differ by 3.
    TestResult result =
        LabelPermutationTest.seeded(1).of(new double[] {1, 2, 3}, new double[] {4, 5, 6});
    assertThat(result.statistic()).isEqualTo(-3);
    assertThat(result.pValue()).isEqualTo(0.1);
    assertThat(result.arrangements()).isEqualTo(20);
    TestResult unequal =
        LabelPermutationTest.seeded(1).of(new double[] {9}, new double[] {1, 2, 3});
    assertThat(unequal.pValue()).isEqualTo(0.25);
  }

  @Test
  void randomLabelsApproachTheExactValue() {
    Random random = new Random(3);
    double[] first = random.doubles(8).toArray();
    double[] second = random.doubles(9).map(u -> u + 0.25).toArray();
    double exact = LabelPermutationTest.seeded(1).of(first, second).pValue();
    TestResult drawn = new LabelPermutationTest(20000, 1).of(first, second);
    assertThat(drawn.exact()).isFalse();
    assertThat(drawn.pValue())
        .isCloseTo(exact, within(4 * Math.sqrt(exact * (1 - exact) / 20000) + 1e-4));
  }

  @Test
  void mcNemarByHand() {
    // b = 1, c = 9: 2 · (1 + 10) / 1024.
    boolean[] first = new boolean[30];
    boolean[] second = new boolean[30];
    first[0] = true;
    for (int i = 1; i < 10; i++) {
      second[i] = true;
    }
    for (int i = 20; i < 30; i++) {
      first[i] = true;
      second[i] = true;
    }
    TestResult result = McNemarTest.exact(first, second);
    assertThat(result.pValue()).isCloseTo(22.0 / 1024, within(1e-14));
    assertThat(result.statistic()).isCloseTo(-8.0 / 30, within(1e-15));
    assertThat(McNemarTest.exact(first, first).pValue()).isEqualTo(1);
  }

  @Test
  void detectableDifference() {
    // 1.959964 + 0.841621 (tables).
    assertThat(DetectableDifference.of(1, 0.05, 0.8)).isCloseTo(2.801585, within(1e-6));
    double[] first = {0.4, 0.9, 0.1, 0.7};
    double[] second = {0.3, 0.5, 0.4, 0.2};
    double error = Estimates.pairedDifference(first, second).standardError();
    assertThat(DetectableDifference.of(Estimates.pairedDifference(first, second)))
        .isCloseTo(2.801585 * error, within(1e-6));
    assertThat(DetectableDifference.items(1, 0.2, 0.05, 0.8)).isEqualTo(197);
    assertThat(DetectableDifference.items(0, 0.2, 0.05, 0.8)).isEqualTo(1);
    assertThat(DetectableDifference.of(0.1, 0.05, 0.05)).isCloseTo(0.0315, within(1e-4));
  }

  @Test
  void wrongArgumentsAreNamed() {
    SignFlipTest signs = SignFlipTest.seeded(1);
    assertThatThrownBy(() -> signs.of(new double[] {0, Double.NaN}, new double[2]))
        .hasMessageContaining("first[1] must be a finite number but was NaN");
    assertThatThrownBy(() -> signs.of(new double[0], new double[0]))
        .hasMessageContaining("must not be empty");
    assertThatThrownBy(() -> signs.of(new double[2], new double[2], new int[3]))
        .hasMessageContaining("2 and 3");
    assertThatThrownBy(() -> new SignFlipTest(0, 1)).hasMessageContaining("permutations");
    assertThatThrownBy(() -> new LabelPermutationTest(-1, 1)).hasMessageContaining("was -1");
    assertThatThrownBy(
            () -> LabelPermutationTest.seeded(1).of(new double[] {1}, new double[] {0, 1.0 / 0}))
        .hasMessageContaining("second[1]");
    assertThatThrownBy(() -> LabelPermutationTest.seeded(1).of(new double[] {1}, new double[0]))
        .hasMessageContaining("second must not be empty");
    assertThatThrownBy(() -> McNemarTest.exact(new boolean[1], new boolean[2]))
        .hasMessageContaining("1 and 2");
    assertThatThrownBy(() -> McNemarTest.exact(new boolean[0], new boolean[0]))
        .hasMessageContaining("must not be empty");
    assertThatThrownBy(() -> DetectableDifference.of(Estimates.mean(new double[] {1})))
        .hasMessageContaining("standardError");
    assertThatThrownBy(() -> DetectableDifference.of(1, 0, 0.8)).hasMessageContaining("alpha");
    assertThatThrownBy(() -> DetectableDifference.of(1, 0.05, 1)).hasMessageContaining("power");
    assertThatThrownBy(() -> DetectableDifference.items(-1, 1, 0.05, 0.8))
        .hasMessageContaining("deviation");
    assertThatThrownBy(() -> DetectableDifference.items(1, 0, 0.05, 0.8))
        .hasMessageContaining("difference");
    assertThatThrownBy(() -> new TestResult(Double.NaN, 0.5, true, 1, 1, 1))
        .hasMessageContaining("statistic");
    assertThatThrownBy(() -> new TestResult(0, 1.5, true, 1, 1, 1)).hasMessageContaining("pValue");
    assertThatThrownBy(() -> new TestResult(0, 0.5, true, 1, 1, 2))
        .hasMessageContaining("clusters");
  }

  @Test
  void anOffsetDoesNotHideTies() {
    // Sums 5 and 8 of {1, 2, 2, 1, 4, 3}: 10 of the 20 divisions are at least as far apart.
    double[] first = {1, 2, 2};
    double[] second = {1, 4, 3};
    for (double offset : new double[] {0, 1e5, 1e8, 1e12, -1e8}) {
      TestResult result =
          LabelPermutationTest.seeded(1).of(plus(first, offset), plus(second, offset));
      assertThat(result.pValue()).as("offset %s", offset).isEqualTo(0.5);
    }
    // Tenths, which only rounding tells apart, far from zero.
    double[] tenths = {0.1, 0.2, 0.2};
    double[] others = {0.1, 0.4, 0.3};
    for (double offset : new double[] {0, 1e5, 1e8}) {
      TestResult result =
          LabelPermutationTest.seeded(1).of(plus(tenths, offset), plus(others, offset));
      assertThat(result.pValue()).as("offset %s", offset).isEqualTo(0.5);
    }
    // Differences 0.1, 0.2 and −0.3 are a tie with zero.
    for (double offset : new double[] {0, 1e5, 1e8}) {
      TestResult paired =
          SignFlipTest.seeded(1)
              .of(
                  plus(new double[] {0.1, 0.2, 0.3}, offset),
                  plus(new double[] {0, 0, 0.6}, offset));
      assertThat(paired.pValue()).as("offset %s", offset).isEqualTo(1);
    }
  }

  private static double[] plus(double[] values, double offset) {
    return Arrays.stream(values).map(v -> v + offset).toArray();
  }

  @Test
  void itemsThatCannotBeCountedAreRefused() {
    assertThatThrownBy(() -> DetectableDifference.items(1e10, 1e-10, 0.05, 0.8))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("items must be below 2^63 but a deviation of 1.0E10");
    assertThatThrownBy(() -> DetectableDifference.items(1e300, 1e-300, 0.05, 0.8))
        .hasMessageContaining("need Infinity");
    assertThat(DetectableDifference.items(1e4, 1e-5, 0.05, 0.8))
        .isCloseTo(7848879735000000000L, within(1_000_000_000_000L));
    // 8.0267 and 0.8416 in tables of the normal quantile.
    assertThat(DetectableDifference.of(1, 1e-15, 0.8)).isCloseTo(8.868, within(0.005));
    assertThatThrownBy(() -> DetectableDifference.of(1, 1e-17, 0.8)).hasMessageContaining("alpha");
  }
}
