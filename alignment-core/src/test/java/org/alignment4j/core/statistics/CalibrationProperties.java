package org.alignment4j.core.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class CalibrationProperties {

  /** Confidences on a coarse grid, so that many are equal and some lie on the edges of bins. */
  private static double[] confidences(Random random, int n) {
    return random.doubles(n).map(u -> Math.rint(20 * u) / 20).toArray();
  }

  private static boolean[] outcomes(Random random, double[] p) {
    boolean[] outcomes = new boolean[p.length];
    for (int i = 0; i < p.length; i++) {
      outcomes[i] = random.nextDouble() < p[i];
    }
    return outcomes;
  }

  @Property(tries = 150, seed = "401")
  void equalWidthEqualsASearchOfEveryBin(
      @ForAll @IntRange(min = 1, max = 60) int n,
      @ForAll @IntRange(min = 1, max = 15) int bins,
      @ForAll long seed) {
    Random random = new Random(seed);
    double[] p = random.doubles(n).map(u -> Math.rint(8 * u) / 8).toArray();
    boolean[] y = outcomes(random, p);
    double expected = 0;
    double largest = 0;
    for (int b = 0; b < bins; b++) {
      double count = 0;
      double surplus = 0;
      for (int i = 0; i < n; i++) {
        boolean inside = p[i] <= (double) (b + 1) / bins && (p[i] > (double) b / bins || b == 0);
        count += inside ? 1 : 0;
        surplus += inside ? (y[i] ? 1 : 0) - p[i] : 0;
      }
      expected += Math.abs(surplus) / n;
      largest = Math.max(largest, count == 0 ? 0 : Math.abs(surplus) / count);
    }
    ReliabilityTable table = ReliabilityTable.of(p, y, Binning.equalWidth(bins));
    assertThat(table.expectedError()).isCloseTo(expected, within(1e-12));
    assertThat(table.maximumError()).isCloseTo(largest, within(1e-12));
  }

  @Property(tries = 150, seed = "402")
  void binsHoldEveryAnswerOnceAndInTheirRange(
      @ForAll @IntRange(min = 1, max = 80) int n,
      @ForAll @IntRange(min = 1, max = 20) int bins,
      @ForAll long seed) {
    Random random = new Random(seed);
    double[] p = confidences(random, n);
    ReliabilityTable table = ReliabilityTable.of(p, outcomes(random, p), Binning.equalMass(bins));
    assertThat(table.bins().size()).isBetween(1, bins);
    double low = 0;
    for (ReliabilityTable.Bin bin : table.bins()) {
      assertThat(bin.low()).isEqualTo(low);
      double from = low;
      long inside =
          Arrays.stream(p)
              .filter(c -> c <= bin.high() && (c > from || bin.equals(table.bins().get(0))))
              .count();
      assertThat(bin.n()).isEqualTo(inside).isPositive();
      low = bin.high();
    }
    assertThat(low).isEqualTo(1);
    assertThat(table.bins().stream().mapToLong(ReliabilityTable.Bin::n).sum()).isEqualTo(n);
  }

  /** Stephenson, Coelho and Jolliffe 2008: within-bin variance less twice the covariance. */
  @Property(tries = 100, seed = "403")
  void brierPartsAreThoseOfTheirDefinitions(
      @ForAll @IntRange(min = 2, max = 60) int n,
      @ForAll @IntRange(min = 1, max = 6) int bins,
      @ForAll long seed) {
    Random random = new Random(seed);
    double[] p = random.doubles(n).toArray();
    boolean[] y = outcomes(random, p);
    double within = 0;
    double score = 0;
    for (int b = 0; b < bins; b++) {
      double count = 0;
      double meanP = 0;
      double meanY = 0;
      for (int pass = 0; pass < 2; pass++) {
        for (int i = 0; i < n; i++) {
          if ((int) (p[i] * bins) == b) {
            double outcome = y[i] ? 1 : 0;
            if (pass == 0) {
              count++;
              meanP += p[i];
              meanY += outcome;
            } else {
              double d = p[i] - meanP / count;
              within += (d * d - 2 * d * (outcome - meanY / count)) / n;
              score += (p[i] - outcome) * (p[i] - outcome) / n;
            }
          }
        }
      }
    }
    BrierScore.Decomposition parts = BrierScore.decompose(p, y, Binning.equalWidth(bins));
    assertThat(parts.withinBins()).isCloseTo(within, within(1e-12));
    assertThat(parts.score()).isCloseTo(score, within(1e-12));
    assertThat(parts.reliability()).isNotNegative();
    assertThat(parts.resolution()).isBetween(0.0, parts.uncertainty() + 1e-12);
  }

  /** Every order of the answers that respects their confidence, averaged. */
  @Property(tries = 60, seed = "404")
  void tiesCountAsTheMeanOverTheirOrders(
      @ForAll @IntRange(min = 1, max = 6) int n, @ForAll long seed) {
    Random random = new Random(seed);
    double[] p = random.ints(n, 0, 3).asDoubleStream().toArray();
    boolean[] y = outcomes(random, random.doubles(n).toArray());
    double[] sums = new double[n + 1];
    permute(new int[n], 0, p, y, sums);
    double[] accuracies = SelectiveAccuracy.of(p, y).accuracies();
    for (int k = 0; k < n; k++) {
      assertThat(accuracies[k]).isCloseTo(sums[k] / sums[n], within(1e-12));
    }
  }

  private static void permute(int[] order, int at, double[] p, boolean[] y, double[] sums) {
    int n = p.length;
    if (at == n) {
      double right = 0;
      for (int k = 0; k < n; k++) {
        right += y[order[k]] ? 1 : 0;
        sums[k] += right / (k + 1);
      }
      sums[n]++;
      return;
    }
    for (int i = 0; i < n; i++) {
      int candidate = i;
      boolean free = Arrays.stream(order, 0, at).noneMatch(o -> o == candidate);
      if (free && (at == 0 || p[order[at - 1]] >= p[i])) {
        order[at] = i;
        permute(order, at + 1, p, y, sums);
      }
    }
  }

  @Property(tries = 60, seed = "405")
  void temperatureScalesWithTheMarginsAndBalancesTheSlope(
      @ForAll @DoubleRange(min = 0.01, max = 100) double factor, @ForAll long seed) {
    Random random = new Random(seed);
    double[] margins = random.doubles(200).map(u -> random.nextGaussian() + 0.6).toArray();
    TemperatureScaling fitted = TemperatureScaling.ofMargins(margins);
    double slope = 0;
    for (double margin : margins) {
      slope += margin / (1 + Math.exp(margin / fitted.temperature()));
    }
    assertThat(slope).isCloseTo(0, within(1e-9));
    assertThat(fitted.lossAfter()).isLessThanOrEqualTo(fitted.lossBefore());
    double scaled =
        TemperatureScaling.ofMargins(Arrays.stream(margins).map(m -> factor * m).toArray())
            .temperature();
    assertThat(scaled).isCloseTo(factor * fitted.temperature(), within(1e-9 * scaled));
  }

  @Property(tries = 10, seed = "406")
  void temperatureOfAModelIsFoundAgain(
      @ForAll @DoubleRange(min = 0.3, max = 4) double truth, @ForAll long seed) {
    Random random = new Random(seed);
    double[] margins = new double[20_000];
    for (int i = 0; i < margins.length; i++) {
      double margin = 2 * random.nextGaussian() * truth;
      boolean held = random.nextDouble() < 1 / (1 + Math.exp(-margin / truth));
      margins[i] = held ? margin : -margin;
    }
    assertThat(TemperatureScaling.ofMargins(margins).temperature())
        .isCloseTo(truth, within(0.08 * truth));
  }
}
