package org.alignment4j.core.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
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
}
