package org.alignment4j.core.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.alignment4j.api.evaluation.Estimate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EstimatesTest {

  @Test
  void meanByHand() {
    // 2, 4, 4, 4, 5, 5, 7, 9: mean 5, squares 32, s² = 32/7; t(7, 0.975) = 2.364624 (tables).
    Estimate mean = Estimates.mean(new double[] {2, 4, 4, 4, 5, 5, 7, 9});
    double error = Math.sqrt(32.0 / 7 / 8);
    assertThat(mean.value()).isEqualTo(5);
    assertThat(mean.standardError()).isCloseTo(error, within(1e-12));
    assertThat(mean.ciLow()).isCloseTo(5 - 2.364624 * error, within(1e-6));
    assertThat(mean.ciHigh()).isCloseTo(5 + 2.364624 * error, within(1e-6));
    assertThat(mean.n()).isEqualTo(8);
    assertThat(mean.clusters()).isEqualTo(8);
    Estimate normal = Estimates.normalMean(new double[] {2, 4, 4, 4, 5, 5, 7, 9}, 0.95);
    assertThat(normal.ciHigh()).isCloseTo(5 + 1.959964 * error, within(1e-6));
  }

  @Test
  void largeOffsetsDoNotEatTheDeviation() {
    Estimate mean = Estimates.mean(new double[] {1e9 + 1, 1e9 + 2, 1e9 + 3});
    assertThat(mean.value()).isEqualTo(1e9 + 2);
    assertThat(mean.standardError()).isCloseTo(Math.sqrt(1.0 / 3), within(1e-12));
  }

  @Test
  void nothingAndOneObservationHaveNoUncertainty() {
    for (Estimate nothing :
        new Estimate[] {
          Estimates.mean(new double[0]),
          Estimates.proportion(0, 0),
          Estimates.clusteredMean(new double[0], new int[0]),
          Estimates.pairedDifference(new double[0], new double[0]),
          Estimates.pairedProportions(new boolean[0], new boolean[0], 0.9)
        }) {
      assertThat(nothing.value()).isNaN();
      assertThat(nothing.standardError()).isNaN();
      assertThat(nothing.ciLow()).isNaN();
      assertThat(nothing.n()).isZero();
    }
    Estimate one = Estimates.mean(new double[] {3});
    assertThat(one.value()).isEqualTo(3);
    assertThat(one.standardError()).isNaN();
    assertThat(one.ciHigh()).isNaN();
    Estimate oneCluster = Estimates.clusteredMean(new double[] {1, 2}, new int[] {7, 7});
    assertThat(oneCluster.value()).isEqualTo(1.5);
    assertThat(oneCluster.standardError()).isNaN();
    assertThat(oneCluster.clusters()).isEqualTo(1);
  }

  @Test
  void missingScoresAreNamedByIndex() {
    assertThatThrownBy(() -> Estimates.mean(new double[] {1, Double.NaN}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("values[1] must be a finite number but was NaN");
    assertThatThrownBy(() -> Estimates.pairedDifference(new double[] {1}, new double[] {1.0 / 0}))
        .hasMessageContaining("second[0]");
    assertThatThrownBy(() -> Estimates.pairedDifference(new double[1], new double[2]))
        .hasMessageContaining("1 and 2");
    assertThatThrownBy(() -> Estimates.mean(new double[1], 1)).hasMessageContaining("confidence");
    assertThatThrownBy(() -> Estimates.proportion(3, 2)).hasMessageContaining("but was 3");
  }

  @ParameterizedTest
  @CsvSource({
    "8, 10, 0.4901625, 0.9433178",
    "0, 10, 0, 0.2775328",
    "10, 10, 0.7224672, 1",
    "1, 29, 0.0061113, 0.1717553",
    "81, 263, 0.2552780, 0.3662011"
  })
  void wilsonAgainstPublishedValues(long successes, long n, double low, double high) {
    Estimate p = Estimates.proportion(successes, n);
    assertThat(p.ciLow()).isCloseTo(low, within(2e-4));
    assertThat(p.ciHigh()).isCloseTo(high, within(2e-4));
    assertThat(p.value()).isEqualTo((double) successes / n);
  }

  @ParameterizedTest
  @CsvSource({"8, 10", "1, 29", "500, 1000"})
  void wilsonEndsSolveTheScoreEquation(long successes, long n) {
    Estimate p = Estimates.proportion(successes, n, 0.9);
    for (double end : new double[] {p.ciLow(), p.ciHigh()}) {
      double z = Math.abs(p.value() - end) / Math.sqrt(end * (1 - end) / n);
      assertThat(z).isCloseTo(1.6448536, within(1e-6));
    }
  }

  @Test
  void clusteredErrorByHand() {
    // Mean 3; cluster sums of deviations: (1−3)+(2−3) = −3, (4−3)+(5−3) = 3, (3−3)+(3−3) = 0.
    Estimate mean =
        Estimates.clusteredMean(new double[] {1, 2, 3, 3, 4, 5}, new int[] {5, 5, 9, 9, -1, -1});
    assertThat(mean.value()).isEqualTo(3);
    assertThat(mean.clusters()).isEqualTo(3);
    double error = Math.sqrt(3.0 / 2 * (9 + 0 + 9)) / 6;
    assertThat(mean.standardError()).isCloseTo(error, within(1e-12));
    // t(2, 0.975) = 4.302653 (tables).
    assertThat(mean.ciHigh()).isCloseTo(3 + 4.302653 * error, within(1e-5));
  }

  @Test
  void clustersOfOneAreThePlainMean() {
    double[] values = {0.3, 1.7, -2, 5, 0.1};
    Estimate plain = Estimates.mean(values);
    Estimate clustered = Estimates.clusteredMean(values, new int[] {1, 2, 3, 4, 5});
    assertThat(clustered.standardError()).isCloseTo(plain.standardError(), within(1e-12));
    assertThat(clustered.ciLow()).isCloseTo(plain.ciLow(), within(1e-12));
  }

  @Test
  void pairingRemovesTheItemsDifficulty() {
    double[] first = {1.1, 5.2, 9.1, 3.2};
    double[] second = {1.0, 5.0, 9.0, 3.0};
    Estimate difference = Estimates.pairedDifference(first, second);
    assertThat(difference.value()).isCloseTo(0.15, within(1e-12));
    assertThat(difference.ciLow()).isPositive();
    Estimate clustered =
        Estimates.clusteredPairedDifference(first, second, new int[] {1, 2, 1, 2}, 0.95);
    assertThat(clustered.value()).isCloseTo(0.15, within(1e-12));
    assertThat(clustered.clusters()).isEqualTo(2);
  }

  @Test
  void pairedProportionsStayInRangeAndAreNeverEmpty() {
    boolean[] all = {true, true, true, true};
    boolean[] none = new boolean[4];
    Estimate best = Estimates.pairedProportions(all, none, 0.95);
    assertThat(best.value()).isEqualTo(1);
    assertThat(best.ciHigh()).isEqualTo(1);
    assertThat(best.ciLow()).isBetween(0.0, 0.99);
    Estimate equal = Estimates.pairedProportions(all, all, 0.95);
    assertThat(equal.value()).isZero();
    assertThat(equal.ciLow()).isNegative();
    assertThat(equal.ciHigh()).isEqualTo(-equal.ciLow());
  }

  /**
   * Fagerland, Lydersen and Laake 2017, Statistical Analysis of Contingency Tables, chapter 8: the
   * data of Bentur et al. 2009 and of Cavo et al. 2012.
   */
  @ParameterizedTest
  @CsvSource({"1, 1, 7, 12, -0.2857, -0.5069, -0.0256", "59, 6, 16, 80, -0.0621, -0.1186, -0.0046"})
  void pairedProportionsAgainstPublishedValues(
      int both, int onlyFirst, int onlySecond, int neither, double value, double low, double high) {
    int n = both + onlyFirst + onlySecond + neither;
    boolean[] first = new boolean[n];
    boolean[] second = new boolean[n];
    Arrays.fill(first, 0, both + onlyFirst, true);
    Arrays.fill(second, 0, both, true);
    Arrays.fill(second, both + onlyFirst, both + onlyFirst + onlySecond, true);
    Estimate difference = Estimates.pairedProportions(first, second, 0.95);
    assertThat(difference.value()).isCloseTo(value, within(5e-5));
    assertThat(difference.ciLow()).isCloseTo(low, within(5e-5));
    assertThat(difference.ciHigh()).isCloseTo(high, within(5e-5));
    Estimate opposite = Estimates.pairedProportions(second, first, 0.95);
    assertThat(opposite.ciLow()).isCloseTo(-difference.ciHigh(), within(1e-12));
    assertThat(opposite.ciHigh()).isCloseTo(-difference.ciLow(), within(1e-12));
  }

  @Test
  void missingCountsAreKept() {
    Estimate estimate = Estimates.withMissing(Estimates.proportion(8, 10), 2, 3);
    assertThat(estimate.unscored()).isEqualTo(2);
    assertThat(estimate.failed()).isEqualTo(3);
    assertThat(estimate.n()).isEqualTo(10);
  }

  @Test
  void wilsonsIntervalOfSharesThatAreNoCount() {
    Estimate share = Estimates.proportion(new double[] {1, 0.8, 0.5, 0.1});
    assertThat(share.value()).isCloseTo(0.6, within(1e-15));
    assertThat(share.standardError()).isCloseTo(Math.sqrt(0.24 / 4), within(1e-15));
    // The ends solve (p̂ − q)² = z²·q(1 − q)/n.
    double z = 1.959963984540054;
    for (double end : new double[] {share.ciLow(), share.ciHigh()}) {
      assertThat((0.6 - end) * (0.6 - end)).isCloseTo(z * z * end * (1 - end) / 4, within(1e-12));
    }
    assertThat(share.ciLow()).isLessThan(0.6);
    assertThat(share.ciHigh()).isGreaterThan(0.6).isLessThan(1);
    assertThat(Estimates.proportion(new double[] {1, 0, 1}))
        .isEqualTo(Estimates.proportion(new boolean[] {true, false, true}));
    assertThat(Estimates.proportion(new double[0]).n()).isZero();
    assertThatThrownBy(() -> Estimates.proportion(new double[] {0.5, Double.NaN}))
        .hasMessage("outcomes[1] must be a number in [0, 1] but was NaN");
  }

  @Test
  void missingCountsAreAdded() {
    Estimate once = Estimates.withMissing(Estimates.proportion(8, 10), 2, 3);
    Estimate twice = Estimates.withMissing(once, 4, 0);
    assertThat(twice.unscored()).isEqualTo(6);
    assertThat(twice.failed()).isEqualTo(3);
    assertThatThrownBy(() -> Estimates.withMissing(once, -1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("unscored must not be negative but was -1");
  }

  @Test
  void equalObservationsDoNotShowTheirSpread() {
    double[] same = {0.25, 0.25, 0.25};
    for (Estimate e :
        new Estimate[] {
          Estimates.mean(same),
          Estimates.normalMean(same, 0.9),
          Estimates.clusteredMean(same, new int[] {1, 1, 2}),
          Estimates.pairedDifference(same, same)
        }) {
      assertThat(e.standardError()).isZero();
      assertThat(e.ciLow()).isNaN();
      assertThat(e.ciHigh()).isNaN();
    }
  }

  @Test
  void levelsNextToOneHaveIntervals() {
    double level = Math.nextDown(1.0);
    // The normal quantile of 2⁻⁵⁴, by tables of the error function about 8.29.
    Estimate normal = Estimates.normalMean(new double[] {1, 2, 3, 4}, level);
    assertThat((normal.ciHigh() - normal.value()) / normal.standardError())
        .isCloseTo(8.29, within(0.01));
    assertThat(Estimates.mean(new double[] {1, 2, 3, 4}, level).ciHigh())
        .isGreaterThan(normal.ciHigh());
    // With one degree of freedom t = cot(π·tail).
    double tail = (1 - 0.9999) / 2;
    Estimate two = Estimates.mean(new double[] {1, 2}, 0.9999);
    assertThat((two.ciHigh() - 1.5) / two.standardError())
        .isCloseTo(1 / Math.tan(Math.PI * tail), within(1e-2));
    assertThat(Estimates.proportion(3, 10, level).ciHigh()).isBetween(0.9, 1.0);
    assertThat(Estimates.mean(new double[] {1, 2}, level).ciHigh()).isGreaterThan(1e12);
  }

  @Test
  void numbersWhoseSquaresOverflowAreRefused() {
    assertThatThrownBy(() -> Estimates.mean(new double[] {1, 1e308}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("values[1] must be at most 1.0E150 in magnitude");
    assertThatThrownBy(() -> Estimates.clusteredMean(new double[] {-1e200, 1}, new int[2]))
        .hasMessageContaining("values[0]");
    assertThatThrownBy(() -> Estimates.pairedDifference(new double[] {1}, new double[] {-1e308}))
        .hasMessageContaining("second[0]");
    assertThat(Estimates.mean(new double[] {1e150, -1e150}).standardError())
        .isCloseTo(1e150, within(1e136));
    assertThat(Moments.mean(new double[] {1.6e308, 1.6e308, 1.6e308}))
        .isCloseTo(1.6e308, within(1e293));
    assertThat(Moments.deviation(new double[] {1e300, 3e300}))
        .isCloseTo(Math.sqrt(2) * 1e300, within(1e286));
  }

  /** Student's interval of 3 and 15 goes from -67 to 85. */
  @Test
  void intervalsEndWhereTheirFigureDoes() {
    Estimate mean = Estimates.mean(new double[] {3, 15});
    assertThat(mean.ciLow()).isNegative();
    Estimate count = Estimates.inRange(mean, 0, Double.POSITIVE_INFINITY);
    assertThat(count.ciLow()).isZero();
    assertThat(count.ciHigh()).isEqualTo(mean.ciHigh());
    assertThat(Estimates.inRange(mean, Double.NEGATIVE_INFINITY, 20).ciHigh()).isEqualTo(20);
    Estimate alone = Estimates.inRange(Estimates.mean(new double[] {3}), 0, 20);
    assertThat(alone.ciLow()).isNaN();
    assertThatThrownBy(() -> Estimates.inRange(mean, 10, 20))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("value must be from 10.0 to 20.0 but was 9.0");
  }
}
