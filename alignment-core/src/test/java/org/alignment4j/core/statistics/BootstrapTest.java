package org.alignment4j.core.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.alignment4j.api.evaluation.Estimate;
import org.junit.jupiter.api.Test;

class BootstrapTest {

  private static final double[] VALUES = new Random(5).doubles(200).toArray();

  private static final ToDoubleFunction<int[]> MEAN =
      items -> Arrays.stream(items).mapToDouble(i -> VALUES[i]).average().orElse(Double.NaN);

  @Test
  void agreesWithTheMeansOwnError() {
    Estimate plain = Estimates.mean(VALUES);
    Estimate drawn = Bootstrap.seeded(1).of(VALUES.length, MEAN).estimate();
    assertThat(drawn.value()).isCloseTo(plain.value(), within(1e-12));
    assertThat(drawn.standardError())
        .isCloseTo(plain.standardError(), within(0.06 * plain.standardError()));
    assertThat(drawn.ciLow()).isCloseTo(plain.ciLow(), within(0.3 * plain.standardError()));
    assertThat(drawn.ciHigh()).isCloseTo(plain.ciHigh(), within(0.3 * plain.standardError()));
  }

  @Test
  void sameSeedSameInterval() {
    assertThat(Bootstrap.seeded(3).of(200, MEAN)).isEqualTo(Bootstrap.seeded(3).of(200, MEAN));
    assertThat(Bootstrap.seeded(3).of(200, MEAN)).isNotEqualTo(Bootstrap.seeded(4).of(200, MEAN));
  }

  @Test
  void wholeClustersAreDrawn() {
    int[] clusters = {1, 2, 1, 2, 3, 3};
    Bootstrap.seeded(1)
        .of(
            clusters,
            items -> {
              int[] counts = new int[6];
              for (int i : items) {
                counts[i]++;
              }
              assertThat(counts[0]).isEqualTo(counts[2]);
              assertThat(counts[1]).isEqualTo(counts[3]);
              assertThat(counts[4]).isEqualTo(counts[5]);
              return items.length;
            });
    int[] twins = new int[400];
    Arrays.setAll(twins, i -> i % 200);
    Estimate doubled =
        Bootstrap.seeded(1)
            .of(
                twins,
                items -> MEAN.applyAsDouble(Arrays.stream(items).map(i -> i % 200).toArray()))
            .estimate();
    assertThat(doubled.n()).isEqualTo(400);
    assertThat(doubled.clusters()).isEqualTo(200);
    Estimate plain = Estimates.mean(VALUES);
    assertThat(doubled.standardError())
        .isCloseTo(plain.standardError(), within(0.06 * plain.standardError()));
  }

  @Test
  void undefinedResamplesAreCountedAndLeftOut() {
    Bootstrap.Result result =
        new Bootstrap(1000, 9, 0.9).of(2, items -> items[0] == items[1] ? Double.NaN : items[0]);
    assertThat(result.undefinedResamples()).isBetween(430, 570);
    assertThat(result.estimate().ciHigh()).isEqualTo(1);
    Bootstrap.Result never =
        Bootstrap.seeded(1)
            .of(3, items -> items[0] == 0 && items[1] == 1 && items[2] == 2 ? 1 : 0.0 / 0);
    assertThat(never.undefinedResamples()).isGreaterThan(1800);
  }

  @Test
  void edges() {
    assertThat(Bootstrap.seeded(1).of(0, MEAN).estimate().n()).isZero();
    Estimate one = Bootstrap.seeded(1).of(1, MEAN).estimate();
    assertThat(one.value()).isEqualTo(VALUES[0]);
    assertThat(one.standardError()).isNaN();
    assertThatThrownBy(() -> Bootstrap.seeded(1).of(3, items -> Double.NaN))
        .hasMessageContaining("figure of all 3 items");
    assertThatThrownBy(() -> new Bootstrap(1, 0, 0.5)).hasMessageContaining("resamples");
    assertThat(Bootstrap.quantile(new double[] {1, 2, 3, 4}, 0.25)).isEqualTo(1.75);
  }

  @Test
  void theIntervalContainsTheFigure() {
    // The largest of a resample is never above that of all items, and seldom equal to a far one.
    double[] values = {0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    Bootstrap.Result range =
        new Bootstrap(500, 3, 0.1)
            .of(10, items -> 1 - Arrays.stream(items).mapToDouble(i -> values[i]).max().orElse(0));
    assertThat(range.estimate().value()).isZero();
    assertThat(range.estimate().contains(0)).isTrue();
    Bootstrap.Result biased =
        new Bootstrap(500, 3, 0.9)
            .of(50, items -> 1.0 - Arrays.stream(items).distinct().count() / 50.0);
    assertThat(biased.estimate().ciLow()).isZero();
    assertThat(biased.estimate().ciHigh()).isGreaterThan(0.36);
  }

  @Test
  void aFigureThatNeverChangesHasNoInterval() {
    Estimate same = Bootstrap.seeded(1).of(20, items -> 0.25).estimate();
    assertThat(same.value()).isEqualTo(0.25);
    assertThat(same.ciLow()).isNaN();
    assertThat(same.ciHigh()).isNaN();
  }

  @Test
  void ratiosAreThoseOfOneAfterAnother() {
    Random random = new Random(11);
    for (double confidence : new double[] {0.95, 0.5, 0.01}) {
      for (int items : new int[] {1, 2, 3, 8, 50}) {
        Bootstrap bootstrap = new Bootstrap(333, 5, confidence);
        double[] below = random.doubles(items, -0.2, 2).toArray();
        List<double[]> above = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
          above.add(random.doubles(items, -1, 1).toArray());
        }
        above.add(new double[items]);
        above.add(below);
        List<Bootstrap.Result> together = bootstrap.ratios(above, below);
        assertThat(together).hasSameSizeAs(above);
        for (int i = 0; i < above.size(); i++) {
          double[] own = above.get(i);
          Bootstrap.Result alone = bootstrap.of(items, draw -> ratio(draw, own, below));
          assertThat(together.get(i).undefinedResamples()).isEqualTo(alone.undefinedResamples());
          same(together.get(i).estimate(), alone.estimate());
        }
      }
    }
  }

  @Test
  void ratiosWithoutDivisorAreLeftOut() {
    double[] below = {1, -1, 0, 2};
    double[] above = {1, 3, 2, 5};
    Bootstrap bootstrap = new Bootstrap(500, 2, 0.9);
    Bootstrap.Result alone = bootstrap.of(4, draw -> ratio(draw, above, below));
    Bootstrap.Result together = bootstrap.ratios(List.of(above), below).get(0);
    assertThat(together.undefinedResamples()).isPositive().isEqualTo(alone.undefinedResamples());
    same(together.estimate(), alone.estimate());
    assertThat(bootstrap.ratios(List.of(new double[0]), new double[0]).get(0).estimate().n())
        .isZero();
    assertThatThrownBy(() -> bootstrap.ratios(List.of(above, new double[3]), below))
        .hasMessageContaining("the 4 items of the divisor but ratio 1 has 3");
    assertThatThrownBy(() -> bootstrap.ratios(List.of(above), new double[4]))
        .hasMessageContaining("ratio 0 of all 4 items must be a finite number");
  }

  private static double ratio(int[] draw, double[] above, double[] below) {
    double divisor = Arrays.stream(draw).mapToDouble(i -> below[i]).sum();
    return divisor == 0
        ? Double.NaN
        : Arrays.stream(draw).mapToDouble(i -> above[i]).sum() / divisor;
  }

  private static void same(Estimate actual, Estimate expected) {
    assertThat(actual.n()).isEqualTo(expected.n());
    assertThat(actual.clusters()).isEqualTo(expected.clusters());
    assertThat(actual.confidence()).isEqualTo(expected.confidence());
    double[] a = {actual.value(), actual.standardError(), actual.ciLow(), actual.ciHigh()};
    double[] e = {expected.value(), expected.standardError(), expected.ciLow(), expected.ciHigh()};
    for (int i = 0; i < a.length; i++) {
      if (Double.isNaN(e[i])) {
        assertThat(a[i]).isNaN();
      } else {
        assertThat(a[i]).isCloseTo(e[i], within(1e-9 * (1 + Math.abs(e[i]))));
      }
    }
  }
}
