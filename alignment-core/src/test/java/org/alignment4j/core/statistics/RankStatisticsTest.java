package org.alignment4j.core.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.alignment4j.api.evaluation.Estimate;
import org.junit.jupiter.api.Test;

class RankStatisticsTest {

  @Test
  void areaByHand() {
    // Positives 3, 2, 5 against 1, 2: of six pairs five are won and one tied.
    double[] scores = {3, 1, 2, 2, 5};
    boolean[] positive = {true, false, true, false, true};
    Estimate area = RocArea.of(scores, positive, 0.9);
    assertThat(area.value()).isCloseTo(5.5 / 6, within(1e-15));
    // Placements of the positives 1, ¾, 1 and of the negatives 1, ⅚.
    double variance = (3.0 / 144 + 0) / 3 + (1.0 / 72) / 2;
    assertThat(area.standardError()).isCloseTo(Math.sqrt(variance), within(1e-14));
    double half = 1.644853627 * Math.sqrt(variance) / (5.5 / 6 * (0.5 / 6));
    assertThat(area.ciLow()).isCloseTo(1 / (1 + Math.exp(-(Math.log(11) - half))), within(1e-9));
    assertThat(area.ciHigh()).isCloseTo(1 / (1 + Math.exp(-(Math.log(11) + half))), within(1e-9));
  }

  @Test
  void areasWithoutAnInterval() {
    Estimate perfect =
        RocArea.of(new double[] {1, 2, 3, 4}, new boolean[] {false, false, true, true});
    assertThat(perfect.value()).isEqualTo(1);
    assertThat(perfect.ciLow()).isNaN();
    assertThat(perfect.standardError()).isNaN();
    Estimate single = RocArea.of(new double[] {1, 2, 3}, new boolean[] {false, true, false});
    assertThat(single.value()).isEqualTo(0.5);
    assertThat(single.ciHigh()).isNaN();
    Estimate tied = RocArea.of(new double[4], new boolean[] {true, true, false, false});
    assertThat(tied.value()).isEqualTo(0.5);
    assertThat(tied.ciHigh()).isNaN();
    assertThatThrownBy(() -> RocArea.of(new double[] {1, 2}, new boolean[2]))
        .hasMessageContaining("needs items of both classes but 0 of 2 are positive");
    assertThatThrownBy(() -> RocArea.of(new double[0], new boolean[0]))
        .hasMessageContaining("0 of 0");
    assertThatThrownBy(() -> RocArea.of(new double[] {1, Double.NaN}, new boolean[2]))
        .hasMessageContaining("scores[1]");
  }

  @Test
  void passAtKByHand() {
    // Five samples, two right: all of two wrong in 3 of 10 pairs.
    assertThat(BestOfK.passAtK(5, 2, 2)).isCloseTo(0.7, within(1e-15));
    assertThat(BestOfK.passAtK(5, 2, 4)).isEqualTo(1);
    assertThat(BestOfK.passAtK(5, 0, 5)).isZero();
    assertThat(BestOfK.passAtK(200_000, 1, 100_000)).isCloseTo(0.5, within(1e-9));
    Estimate mean = BestOfK.passAtK(new int[] {5, 4}, new int[] {2, 4}, 2);
    assertThat(mean.value()).isCloseTo(0.85, within(1e-15));
    assertThatThrownBy(() -> BestOfK.passAtK(new int[] {5, 1}, new int[] {2, 1}, 2))
        .hasMessageContaining("item 1: k must be in [1, n = 1] but was 2");
    assertThatThrownBy(() -> BestOfK.passAtK(5, 6, 2)).hasMessageContaining("right");
    assertThatThrownBy(() -> BestOfK.passAtK(5, 2, 0)).hasMessageContaining("k must be");
  }

  @Test
  void expectedMaximumByHand() {
    // Pairs of 1, 2, 4: 2, 4, 4.
    assertThat(BestOfK.expectedMaximum(new double[] {4, 1, 2}, 2))
        .isCloseTo(10.0 / 3, within(1e-14));
    assertThatThrownBy(() -> BestOfK.expectedMaximum(new double[] {1, Double.NaN}, 1))
        .hasMessageContaining("scores[1]");
    assertThatThrownBy(() -> BestOfK.expectedMaximum(new double[2], 3))
        .hasMessageContaining("k must be in [1, n = 2] but was 3");
  }

  @Test
  void medianByHand() {
    assertThat(Median.of(new double[] {5, 1, 3}).value()).isEqualTo(3);
    assertThat(Median.of(new double[] {5, 1, 3, 4}).value()).isEqualTo(3.5);
    assertThat(Median.of(new double[] {7}).value()).isEqualTo(7);
    assertThat(Median.of(new double[0]).n()).isZero();
    // 2/2⁵ = 0.0625 is too much for 0.95 but not for 0.9; of six, 2/2⁶ = 0.03125 will do.
    assertThat(Median.of(new double[] {1, 2, 3, 4, 5}).ciLow()).isNaN();
    assertThat(Median.of(new double[] {1, 2, 3, 4, 5}, 0.9).ciLow()).isEqualTo(1);
    Estimate six = Median.of(new double[] {6, 5, 4, 3, 2, 1});
    assertThat(six.ciLow()).isEqualTo(1);
    assertThat(six.ciHigh()).isEqualTo(6);
    // Tables of the sign test: for n = 20 at 0.95 the 6th and 15th value.
    double[] twenty = new double[20];
    Arrays.setAll(twenty, i -> i + 1);
    assertThat(Median.of(twenty).ciLow()).isEqualTo(6);
    assertThat(Median.of(twenty).ciHigh()).isEqualTo(15);
    assertThat(Median.of(twenty).standardError()).isNaN();
    Bootstrap.Result drawn = Median.of(twenty, new int[20], Bootstrap.seeded(1));
    assertThat(drawn.estimate().value()).isEqualTo(10.5);
    assertThat(drawn.estimate().ciLow()).isNaN();
    assertThatThrownBy(() -> Median.of(new double[] {0, Double.NaN}))
        .hasMessageContaining("values[1]");
    assertThatThrownBy(() -> Median.of(new double[] {0}, new int[2], Bootstrap.seeded(1)))
        .hasMessageContaining("1 and 2");
  }

  @Test
  void passAtKOfManySamples() {
    int n = 1_000_000_000;
    assertThat(BestOfK.passAtK(n, 1, 1)).isEqualTo(1e-9);
    assertThat(BestOfK.passAtK(n, 3, 1)).isCloseTo(3e-9, within(1e-22));
    assertThat(BestOfK.passAtK(n, 1, n / 2)).isCloseTo(0.5, within(1e-15));
    assertThat(BestOfK.passAtK(n, 2, n / 2))
        .isCloseTo(1 - 0.5 * ((n / 2 - 1) / (n - 1.0)), within(1e-15));
    assertThat(BestOfK.passAtK(n, n / 2, n / 2)).isEqualTo(1);
    assertThat(BestOfK.passAtK(n, 0, n)).isEqualTo(0.0);
    // e⁻¹⁰ but for terms of 1e-5: c = k = 100000 of 1e9.
    assertThat(BestOfK.passAtK(n, 100_000, 100_000))
        .isCloseTo(1 - Math.exp(-10 - 10 * 1e-4), within(1e-10));
    assertThat(BestOfK.passAtK(n, 100_000, 100_000))
        .isEqualTo(BestOfK.passAtK(n, 100_000, 100_000));
  }

  @Test
  void passAtKIntervalsStayInRangeAndAreNeverEmpty() {
    Estimate never = BestOfK.passAtK(new int[] {5, 5, 5, 5}, new int[4], 2);
    assertThat(never.ciLow()).isZero();
    assertThat(never.ciHigh()).isEqualTo(Estimates.proportion(0, 4).ciHigh());
    Estimate always = BestOfK.passAtK(new int[] {5, 5, 5, 5}, new int[] {5, 5, 5, 5}, 2);
    assertThat(always.ciLow()).isEqualTo(Estimates.proportion(4, 4).ciLow());
    assertThat(always.ciHigh()).isEqualTo(1);
    Estimate mixed = BestOfK.passAtK(new int[] {5, 5, 5}, new int[] {0, 0, 1}, 1);
    assertThat(mixed.ciLow()).isZero();
    assertThat(BestOfK.passAtK(new int[] {5}, new int[] {5}, 1).ciLow()).isNaN();
  }

  @Test
  void medianOfTheLargestNumbers() {
    double m = Double.MAX_VALUE;
    assertThat(Median.of(new double[] {-m, m}).value()).isZero();
    assertThat(Median.of(new double[] {m, m}).value()).isEqualTo(m);
    assertThat(Median.of(new double[] {Double.MIN_VALUE, Double.MIN_VALUE}).value())
        .isEqualTo(Double.MIN_VALUE);
  }
}
