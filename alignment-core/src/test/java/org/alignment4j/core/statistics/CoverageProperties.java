package org.alignment4j.core.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.alignment4j.api.evaluation.Estimate;

/** An interval of level 0.9 must contain the truth in about 90 % of repeated studies. */
class CoverageProperties {

  private static final int STUDIES = 2000;

  private static double coverage(long seed, double truth, Function<Random, Estimate> study) {
    Random random = new Random(seed);
    int covered = 0;
    for (int i = 0; i < STUDIES; i++) {
      covered += study.apply(random).contains(truth) ? 1 : 0;
    }
    return (double) covered / STUDIES;
  }

  @Property(tries = 10, seed = "101")
  void means(@ForAll @IntRange(min = 2, max = 40) int n, @ForAll long seed) {
    double rate =
        coverage(
            seed,
            3,
            random -> {
              double[] values = random.doubles(n).map(u -> 3 + random.nextGaussian()).toArray();
              return Estimates.mean(values, 0.9);
            });
    assertThat(rate).isBetween(0.87, 0.93);
  }

  @Property(tries = 15, seed = "102")
  void proportions(
      @ForAll @IntRange(min = 20, max = 200) int n,
      @ForAll @DoubleRange(min = 0.1, max = 0.9) double p,
      @ForAll long seed) {
    double rate =
        coverage(
            seed,
            p,
            random -> Estimates.proportion(random.doubles(n).filter(u -> u < p).count(), n, 0.9));
    assertThat(rate).isBetween(0.83, 0.97);
  }

  @Property(tries = 10, seed = "103")
  void clusters(@ForAll @IntRange(min = 8, max = 30) int count, @ForAll long seed) {
    double rate =
        coverage(
            seed,
            0,
            random -> {
              double[] values = new double[count * 5];
              int[] clusters = new int[values.length];
              for (int c = 0; c < count; c++) {
                double shared = random.nextGaussian();
                for (int i = 0; i < 5; i++) {
                  values[c * 5 + i] = shared + 0.3 * random.nextGaussian();
                  clusters[c * 5 + i] = c;
                }
              }
              return Estimates.clusteredMean(values, clusters, 0.9);
            });
    assertThat(rate).isBetween(0.87, 0.93);
  }

  @Property(tries = 10, seed = "104")
  void pairedProportions(
      @ForAll @IntRange(min = 30, max = 120) int n,
      @ForAll @DoubleRange(min = 0.2, max = 0.7) double p,
      @ForAll long seed) {
    double q = p + 0.1;
    double rate =
        coverage(
            seed,
            p - q,
            random -> {
              boolean[] first = new boolean[n];
              boolean[] second = new boolean[n];
              for (int i = 0; i < n; i++) {
                double shared = random.nextDouble();
                first[i] = shared < p;
                second[i] = (random.nextBoolean() ? shared : random.nextDouble()) < q;
              }
              return Estimates.pairedProportions(first, second, 0.9);
            });
    assertThat(rate).isBetween(0.84, 0.97);
  }
}
