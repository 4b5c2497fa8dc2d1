package org.alignment4j.rlhf.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.alignment4j.core.statistics.BestOfK;

class BestOfNProperties {

  private static double[] values(long seed, int size, int levels) {
    Random random = new Random(seed);
    double[] values = new double[size];
    // Few levels make ties.
    Arrays.setAll(values, i -> levels == 0 ? random.nextGaussian() : random.nextInt(levels));
    return values;
  }

  /** The mean over every subset, ties shared within each. */
  private static double overSubsets(double[] scores, double[] values, int n) {
    double sum = 0;
    int subsets = 0;
    for (int mask = 0; mask < 1 << scores.length; mask++) {
      if (Integer.bitCount(mask) == n) {
        double best = Double.NEGATIVE_INFINITY;
        double ofBest = 0;
        int ties = 0;
        for (int i = 0; i < scores.length; i++) {
          if ((mask & 1 << i) != 0 && scores[i] >= best) {
            ofBest = scores[i] > best ? values[i] : ofBest + values[i];
            ties = scores[i] > best ? 1 : ties + 1;
            best = scores[i];
          }
        }
        sum += ofBest / ties;
        subsets++;
      }
    }
    return sum / subsets;
  }

  @Property(tries = 200)
  void equalsTheMeanOverAllSubsets(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 9) int size,
      @ForAll @IntRange(min = 0, max = 4) int levels) {
    double[] scores = values(seed, size, levels);
    double[] values = values(seed + 1, size, 0);
    for (int n = 1; n <= size; n++) {
      assertThat(BestOfNEstimate.expected(scores, values, n))
          .isCloseTo(overSubsets(scores, values, n), within(1e-12));
    }
  }

  @Property(tries = 100)
  void weightsAddUpAndProxyRises(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 3000) int size) {
    double[] scores = values(seed, size, 0);
    double before = Double.NEGATIVE_INFINITY;
    for (int n = 1; n <= size; n = n == size ? size + 1 : Math.min(size, 3 * n)) {
      double[] weights = BestOfNEstimate.weights(size, n);
      assertThat(Arrays.stream(weights).sum()).isCloseTo(1, within(1e-9));
      assertThat(Arrays.stream(weights).min().getAsDouble()).isGreaterThanOrEqualTo(0);
      double proxy = BestOfNEstimate.expected(scores, scores, n);
      assertThat(proxy).isGreaterThanOrEqualTo(before - 1e-12);
      assertThat(proxy).isCloseTo(BestOfK.expectedMaximum(scores, n), within(1e-9));
      before = proxy;
    }
    assertThat(BestOfNEstimate.expected(scores, scores, 1))
        .isCloseTo(Arrays.stream(scores).average().getAsDouble(), within(1e-12));
    int best = 0;
    for (int i = 1; i < size; i++) {
      best = scores[i] > scores[best] ? i : best;
    }
    double[] values = values(seed + 1, size, 0);
    assertThat(BestOfNEstimate.expected(scores, values, size)).isEqualTo(values[best]);
  }

  @Property(tries = 100)
  void orderDoesNotMatter(
      @ForAll long seed,
      @ForAll @IntRange(min = 2, max = 30) int size,
      @ForAll @IntRange(min = 0, max = 5) int levels) {
    double[] scores = values(seed, size, levels);
    double[] values = values(seed + 1, size, 0);
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      order.add(i);
    }
    Collections.shuffle(order, new Random(seed));
    double[] otherScores = order.stream().mapToDouble(i -> scores[i]).toArray();
    double[] otherValues = order.stream().mapToDouble(i -> values[i]).toArray();
    int n = 1 + size / 2;
    assertThat(BestOfNEstimate.expected(otherScores, otherValues, n))
        .isCloseTo(BestOfNEstimate.expected(scores, values, n), within(1e-12));
  }

  @Example
  void divergenceRisesWithN() {
    assertThat(BestOfNEstimate.kl(1)).isZero();
    assertThat(BestOfNEstimate.kl(4)).isCloseTo(0.636294361119891, within(1e-15));
    for (int n = 2; n < 5000; n++) {
      assertThat(BestOfNEstimate.kl(n)).isGreaterThan(BestOfNEstimate.kl(n - 1));
    }
  }

  /** The divergence itself, by integrating the density n u^(n−1) of the best of n uniform ranks. */
  @Property(tries = 20)
  void divergenceIsThatOfTheBestOfContinuousScores(@ForAll @IntRange(min = 1, max = 40) int n) {
    int steps = 400_000;
    double sum = 0;
    for (int i = 0; i < steps; i++) {
      double u = (i + 0.5) / steps;
      double density = n * Math.pow(u, n - 1);
      sum += density == 0 ? 0 : density * Math.log(density) / steps;
    }
    assertThat(BestOfNEstimate.kl(n)).isCloseTo(sum, within(1e-4));
  }
}
