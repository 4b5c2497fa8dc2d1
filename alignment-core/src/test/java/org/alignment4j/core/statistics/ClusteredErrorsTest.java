package org.alignment4j.core.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.alignment4j.api.evaluation.Estimate;
import org.junit.jupiter.api.Test;

/** Errors of clustered figures, and how often their intervals contain the truth. */
class ClusteredErrorsTest {

  private static final int STUDIES = 3000;

  private static int[] clusters(int... sizes) {
    int[] clusters = new int[Arrays.stream(sizes).sum()];
    int at = 0;
    for (int c = 0; c < sizes.length; c++) {
      Arrays.fill(clusters, at, at + sizes[c], c);
      at += sizes[c];
    }
    return clusters;
  }

  private static int[] oneLarge(int large, int ones) {
    int[] sizes = new int[ones + 1];
    Arrays.fill(sizes, 1);
    sizes[0] = large;
    return sizes;
  }

  /** The formula with matrices, as Bell and McCaffrey state it, under independent observations. */
  private static double[] bellMcCaffrey(double[] x, int[] sizes) {
    int n = x.length;
    double mean = Arrays.stream(x).sum() / n;
    double variance = 0;
    double[][] g = new double[sizes.length][n];
    int at = 0;
    for (int c = 0; c < sizes.length; c++) {
      // (I − J/n)^(−1/2) maps a cluster's ones to a multiple of themselves.
      double a = 1 / Math.sqrt(1 - (double) sizes[c] / n);
      double sum = 0;
      for (int i = 0; i < n; i++) {
        boolean own = i >= at && i < at + sizes[c];
        g[c][i] = a * ((own ? 1 : 0) - (double) sizes[c] / n) / n;
        sum += own ? x[i] - mean : 0;
      }
      variance += a * a * sum * sum / n / n;
      at += sizes[c];
    }
    double trace = 0;
    double squares = 0;
    for (double[] b : g) {
      for (double[] d : g) {
        double product = 0;
        for (int i = 0; i < n; i++) {
          product += b[i] * d[i];
        }
        trace += b == d ? product : 0;
        squares += product * product;
      }
    }
    return new double[] {Math.sqrt(variance), trace * trace / squares};
  }

  @Test
  void errorAndDegreesOfFreedomAreThoseOfTheMatrices() {
    Random random = new Random(7);
    for (int[] sizes : new int[][] {{2, 1, 2}, {5, 1, 1, 1}, {4, 4, 4, 4}, {1, 9, 3, 2, 2}}) {
      int[] clusters = clusters(sizes);
      double[] x = random.doubles(clusters.length).toArray();
      double[] expected = bellMcCaffrey(x, sizes);
      Estimate mean = Estimates.clusteredMean(x, clusters);
      assertThat(mean.standardError()).isCloseTo(expected[0], within(1e-12));
      assertThat(ClusterSizes.of(clusters).degreesOfFreedom()).isCloseTo(expected[1], within(1e-9));
    }
  }

  @Test
  void clustersOfOneSizeHaveTheFiniteClusterFactor() {
    Random random = new Random(8);
    double[] x = random.doubles(24).toArray();
    int[] clusters = clusters(4, 4, 4, 4, 4, 4);
    double mean = Arrays.stream(x).average().orElseThrow();
    double squares = 0;
    for (int c = 0; c < 6; c++) {
      double sum = 0;
      for (int i = 4 * c; i < 4 * c + 4; i++) {
        sum += x[i] - mean;
      }
      squares += sum * sum;
    }
    double error = Math.sqrt(6.0 / 5 * squares) / 24;
    Estimate e = Estimates.clusteredMean(x, clusters);
    assertThat(e.standardError()).isCloseTo(error, within(1e-14));
    // t(5, 0.975) = 2.570582 (tables).
    assertThat(e.ciHigh()).isCloseTo(mean + 2.570582 * error, within(1e-6));
  }

  private static double[] coverage(int[] sizes, double correlation, boolean binary, long seed) {
    Random random = new Random(seed);
    int[] clusters = clusters(sizes);
    double[] covered = new double[2];
    for (int study = 0; study < STUDIES; study++) {
      double[] x = new double[clusters.length];
      double shared = 0;
      for (int i = 0; i < x.length; i++) {
        shared = i == 0 || clusters[i] != clusters[i - 1] ? random.nextGaussian() : shared;
        double z =
            Math.sqrt(correlation) * shared + Math.sqrt(1 - correlation) * random.nextGaussian();
        x[i] = binary ? z > 0 ? 1 : 0 : z;
      }
      double truth = binary ? 0.5 : 0;
      covered[0] += Estimates.clusteredMean(x, clusters).contains(truth) ? 1.0 / STUDIES : 0;
      covered[1] +=
          binary && Estimates.clusteredProportion(x, clusters).contains(truth) ? 1.0 / STUDIES : 0;
    }
    return covered;
  }

  /** With C−1 degrees of freedom and one factor, 8 to 62 % for one cluster of 91 beside nine. */
  @Test
  void unevenClustersAreCovered() {
    for (int[] sizes : new int[][] {oneLarge(91, 9), oneLarge(20, 20), {1, 2, 3, 4, 5, 6, 7, 8}}) {
      for (double correlation : new double[] {0, 0.1, 0.3, 0.9}) {
        double[] normal = coverage(sizes, correlation, false, 5);
        assertThat(normal[0])
            .as("%s at %s", Arrays.toString(sizes), correlation)
            .isBetween(0.92, 1.0);
        double[] binary = coverage(sizes, correlation, true, 6);
        assertThat(binary[1])
            .as("%s at %s", Arrays.toString(sizes), correlation)
            .isBetween(0.92, 1.0);
      }
    }
  }

  @Test
  void evenClustersAreCovered() {
    int[] sizes = new int[10];
    Arrays.fill(sizes, 10);
    for (double correlation : new double[] {0, 0.3}) {
      assertThat(coverage(sizes, correlation, false, 5)[0]).isBetween(0.935, 0.965);
      assertThat(coverage(sizes, correlation, true, 6)[1]).isBetween(0.935, 0.99);
    }
  }

  @Test
  void effectiveClustersTellHowEvenTheyAre() {
    assertThat(Estimates.effectiveClusters(clusters(4, 4, 4))).isCloseTo(3, within(1e-12));
    assertThat(Estimates.effectiveClusters(clusters(oneLarge(91, 9))))
        .isCloseTo(10000 / 8290.0, within(1e-12));
    assertThat(Estimates.effectiveClusters(new int[5])).isEqualTo(1);
    assertThat(Estimates.effectiveClusters(new int[0])).isNaN();
  }

  @Test
  void clusteredProportionsOfClustersOfOneAreWilsons() {
    double[] outcomes = {1, 0, 1, 1, 0.5, 0};
    int[] alone = {1, 2, 3, 4, 5, 6};
    assertThat(Estimates.clusteredProportion(outcomes, alone))
        .isEqualTo(Estimates.proportion(outcomes));
    assertThat(Estimates.clusteredProportion(new double[0], new int[0]).n()).isZero();
  }

  @Test
  void unanimousOutcomesAreNotCertain() {
    double[] all = new double[12];
    Arrays.fill(all, 1);
    Estimate even = Estimates.clusteredProportion(all, clusters(3, 3, 3, 3));
    assertThat(even.value()).isEqualTo(1);
    assertThat(even.ciHigh()).isEqualTo(1);
    assertThat(even.ciLow()).isCloseTo(Estimates.proportion(4, 4).ciLow(), within(1e-12));
    assertThat(even.clusters()).isEqualTo(4);
    Estimate none = Estimates.clusteredProportion(new double[12], clusters(9, 1, 1, 1));
    assertThat(none.ciLow()).isZero();
    assertThat(none.ciHigh()).isGreaterThan(1 - even.ciLow());
    Estimate one = Estimates.clusteredProportion(all, new int[12]);
    assertThat(one.value()).isEqualTo(1);
    assertThat(one.ciLow()).isNaN();
  }

  @Test
  void twinsCountOnce() {
    // Twenty pairs of equal outcomes, 12 right: the design effect is 2 but for small samples.
    double[] outcomes = new double[40];
    Arrays.fill(outcomes, 0, 24, 1);
    int[] pairs = new int[40];
    Arrays.setAll(pairs, i -> i / 2);
    Estimate twins = Estimates.clusteredProportion(outcomes, pairs);
    Estimate once = Estimates.proportion(12, 20);
    assertThat(twins.value()).isEqualTo(once.value());
    assertThat(twins.ciLow()).isCloseTo(once.ciLow(), within(0.02)).isLessThan(once.ciLow());
    assertThat(twins.ciHigh()).isCloseTo(once.ciHigh(), within(0.02)).isGreaterThan(once.ciHigh());
  }

  @Test
  void wrongArgumentsAreNamed() {
    assertThatThrownBy(() -> Estimates.clusteredProportion(new double[] {0, 2}, new int[2]))
        .hasMessageContaining("outcomes[1] must be a number in [0, 1] but was 2.0");
    assertThatThrownBy(() -> Estimates.clusteredProportion(new double[1], new int[2]))
        .hasMessageContaining("1 and 2");
    assertThatThrownBy(() -> Estimates.clusteredProportion(new double[1], new int[1], 1))
        .hasMessageContaining("confidence");
  }

  @Test
  void outcomesThatAreAllTheSameAreAsManyAsTheirClusters() {
    double[] halves = new double[1000];
    int[] clusters = new int[1000];
    for (int i = 0; i < 1000; i++) {
      halves[i] = 0.5;
      clusters[i] = i % 10;
    }
    Estimate share = Estimates.clusteredProportion(halves, clusters);
    Estimate often = Estimates.proportion(5, 10);
    assertThat(share.ciLow()).isCloseTo(often.ciLow(), within(1e-12));
    assertThat(share.ciHigh()).isCloseTo(often.ciHigh(), within(1e-12));
  }

  @Test
  void clustersOfEqualMeansGiveNoIntervalOutOfRounding() {
    for (int count = 2; count <= 12; count++) {
      for (int size = 2; size <= 12; size++) {
        for (int ones = 1; ones < size; ones++) {
          double[] values = new double[count * size];
          int[] clusters = new int[values.length];
          for (int i = 0; i < values.length; i++) {
            clusters[i] = i / size;
            values[i] = i % size < ones ? 1 : 0;
          }
          assertThat(Estimates.clusteredMean(values, clusters).ciLow())
              .as("%s clusters of %s, %s ones", count, size, ones)
              .isNaN();
        }
      }
    }
    double[] tenths = {.1, .3, .3, .1, .2, .2};
    assertThat(Estimates.clusteredMean(tenths, new int[] {1, 1, 2, 2, 3, 3}).ciLow()).isNaN();
  }

  @Test
  void oneContraryOutcomeMakesNothingMoreCertain() {
    int[] clusters = new int[100];
    Arrays.setAll(clusters, i -> i / 25);
    double[] outcomes = new double[100];
    double before = Estimates.clusteredProportion(outcomes, clusters).ciHigh();
    assertThat(before).isCloseTo(Estimates.proportion(0, 4).ciHigh(), within(1e-12));
    outcomes[0] = 1;
    Estimate one = Estimates.clusteredProportion(outcomes, clusters);
    // n/C* = 25 and one success: the design effect is at least 1 + 24/2.
    double ratio = 1.984217 / 3.182446;
    double effective = 100 / 13.0 * ratio * ratio;
    double z = 1.959964;
    double centre = (0.01 + z * z / (2 * effective)) / (1 + z * z / effective);
    double half =
        z
            / (1 + z * z / effective)
            * Math.sqrt(0.01 * 0.99 / effective + z * z / (4 * effective * effective));
    assertThat(one.ciHigh()).isCloseTo(centre + half, within(1e-5));
  }
}
