package org.alignment4j.core.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.alignment4j.api.evaluation.Estimate;

class AssociationProperties {

  private static final Bootstrap FEW = new Bootstrap(20, 1, 0.9);

  /** Small whole numbers with ties, of which two differ. */
  private static double[] tied(Random random, int n) {
    double[] values = random.ints(n, 0, 6).asDoubleStream().toArray();
    values[0] = 7;
    values[n - 1] = -1;
    return values;
  }

  private static double naiveKendall(double[] x, double[] y) {
    double surplus = 0;
    double differX = 0;
    double differY = 0;
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < i; j++) {
        surplus += Math.signum(x[i] - x[j]) * Math.signum(y[i] - y[j]);
        differX += x[i] != x[j] ? 1 : 0;
        differY += y[i] != y[j] ? 1 : 0;
      }
    }
    return surplus / Math.sqrt(differX * differY);
  }

  private static double naivePearson(double[] x, double[] y) {
    double n = x.length;
    double sx = Arrays.stream(x).sum();
    double sy = Arrays.stream(y).sum();
    double xy = 0;
    double xx = 0;
    double yy = 0;
    for (int i = 0; i < n; i++) {
      xy += x[i] * y[i];
      xx += x[i] * x[i];
      yy += y[i] * y[i];
    }
    return (n * xy - sx * sy) / Math.sqrt((n * xx - sx * sx) * (n * yy - sy * sy));
  }

  private static double[] naiveRanks(double[] values) {
    return Arrays.stream(values)
        .map(
            v ->
                0.5
                    + Arrays.stream(values).filter(w -> w < v).count()
                    + Arrays.stream(values).filter(w -> w == v).count() / 2.0)
        .toArray();
  }

  @Property(tries = 100, seed = "501")
  void coefficientsEqualTheirDefinitions(
      @ForAll @IntRange(min = 2, max = 40) int n, @ForAll long seed) {
    Random random = new Random(seed);
    double[] x = tied(random, n);
    double[] y = tied(random, n);
    assertThat(Correlation.PEARSON.of(x, y).value()).isCloseTo(naivePearson(x, y), within(1e-12));
    assertThat(Correlation.SPEARMAN.of(x, y).value())
        .isCloseTo(naivePearson(naiveRanks(x), naiveRanks(y)), within(1e-12));
    assertThat(Correlation.KENDALL_B.of(x, y).value()).isCloseTo(naiveKendall(x, y), within(1e-12));
  }

  @Property(tries = 50, seed = "502")
  void rankCoefficientsIgnoreMonotoneMaps(
      @ForAll @IntRange(min = 5, max = 40) int n, @ForAll long seed) {
    Random random = new Random(seed);
    double[] x = tied(random, n);
    double[] y = tied(random, n);
    double[] mapped = Arrays.stream(x).map(v -> -Math.exp(v)).toArray();
    for (Correlation c : new Correlation[] {Correlation.SPEARMAN, Correlation.KENDALL_B}) {
      assertThat(c.of(mapped, y).value()).isCloseTo(-c.of(x, y).value(), within(1e-12));
      assertThat(c.of(y, x).value()).isCloseTo(c.of(x, y).value(), within(1e-12));
    }
  }

  @Property(tries = 60, seed = "503")
  void areaEqualsComparingEveryPair(@ForAll @IntRange(min = 4, max = 40) int n, @ForAll long seed) {
    Random random = new Random(seed);
    double[] scores = random.ints(n, 0, 8).asDoubleStream().toArray();
    boolean[] positive = new boolean[n];
    for (int i = 0; i < n; i++) {
      positive[i] = i < 2 || i < n - 2 && random.nextBoolean();
    }
    double won = 0;
    double pairs = 0;
    double[] placements = new double[n];
    int m = 0;
    for (int i = 0; i < n; i++) {
      double others = 0;
      for (int j = 0; j < n; j++) {
        if (positive[i] != positive[j]) {
          double sign = Math.signum(scores[i] - scores[j]) * (positive[i] ? 1 : -1);
          placements[i] += (1 + sign) / 2;
          others++;
        }
      }
      won += positive[i] ? placements[i] : 0;
      pairs += positive[i] ? others : 0;
      placements[i] /= others;
      m += positive[i] ? 1 : 0;
    }
    double area = won / pairs;
    double variance = 0;
    for (int i = 0; i < n; i++) {
      double d = placements[i] - area;
      variance += positive[i] ? d * d / (m - 1) / m : d * d / (n - m - 1) / (n - m);
    }
    Estimate found = RocArea.of(scores, positive);
    assertThat(found.value()).isCloseTo(area, within(1e-12));
    if (area > 0 && area < 1 && variance > 1e-12) {
      assertThat(found.standardError()).isCloseTo(Math.sqrt(variance), within(1e-12));
      assertThat(found.ciLow()).isBetween(0.0, area);
      assertThat(found.ciHigh()).isBetween(area, 1.0);
    }
    int[] alone = new int[n];
    Arrays.setAll(alone, i -> i);
    assertThat(RocArea.of(scores, positive, alone, FEW).estimate().value())
        .isEqualTo(found.value());
  }

  @Property(tries = 60, seed = "504")
  void bestOfKEqualsTheAverageOverSubsets(
      @ForAll @IntRange(min = 1, max = 10) int n, @ForAll long seed) {
    Random random = new Random(seed);
    int k = 1 + random.nextInt(n);
    double[] scores = random.doubles(n).map(u -> Math.rint(4 * u)).toArray();
    double sum = 0;
    double pass = 0;
    int subsets = 0;
    for (int subset = 0; subset < 1 << n; subset++) {
      if (Integer.bitCount(subset) == k) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < n; i++) {
          largest = (subset >> i & 1) == 1 ? Math.max(largest, scores[i]) : largest;
        }
        sum += largest;
        pass += largest >= 3 ? 1 : 0;
        subsets++;
      }
    }
    int right = (int) Arrays.stream(scores).filter(s -> s >= 3).count();
    assertThat(BestOfK.expectedMaximum(scores, k)).isCloseTo(sum / subsets, within(1e-12));
    assertThat(BestOfK.passAtK(n, right, k)).isCloseTo(pass / subsets, within(1e-12));
  }

  /** One of several ways to rate: a row of ratings for each item. */
  private static double[] coefficients(int[][] pairs) {
    int[] first = Arrays.stream(pairs).mapToInt(p -> p[0]).toArray();
    int[] second = Arrays.stream(pairs).mapToInt(p -> p[1]).toArray();
    return new double[] {
      Agreement.cohenKappa(first, second, FEW).coefficient().estimate().value(),
      Agreement.fleissKappa(pairs, FEW).coefficient().estimate().value(),
      Agreement.krippendorffAlpha(pairs, FEW).coefficient().estimate().value()
    };
  }

  @Property(tries = 60, seed = "505")
  void agreementOfTwoRaters(@ForAll @IntRange(min = 3, max = 30) int n, @ForAll long seed) {
    Random random = new Random(seed);
    int[][] pairs = new int[n][];
    Arrays.setAll(pairs, i -> new int[] {random.nextInt(4), random.nextInt(4)});
    pairs[0] = new int[] {0, 1};
    double[] found = coefficients(pairs);
    // Pooled frequencies (Scott's pi) for the last two, with Krippendorff's correction.
    double agreed = Arrays.stream(pairs).filter(p -> p[0] == p[1]).count() / (double) n;
    double own = 0;
    double pooled = 0;
    for (int k = 0; k < 4; k++) {
      int category = k;
      double a = Arrays.stream(pairs).filter(p -> p[0] == category).count() / (double) n;
      double b = Arrays.stream(pairs).filter(p -> p[1] == category).count() / (double) n;
      own += a * b;
      pooled += (a + b) * (a + b) / 4;
    }
    double pi = (agreed - pooled) / (1 - pooled);
    assertThat(found[0]).isCloseTo((agreed - own) / (1 - own), within(1e-12));
    assertThat(found[1]).isCloseTo(pi, within(1e-12));
    assertThat(found[2]).isCloseTo(1 - (1 - pi) * (2 * n - 1) / (2 * n), within(1e-12));
    int[][] renamed =
        Arrays.stream(pairs).map(p -> new int[] {9 - 3 * p[1], 9 - 3 * p[0]}).toArray(int[][]::new);
    double[] again = coefficients(renamed);
    for (int c = 0; c < 3; c++) {
      assertThat(again[c]).isCloseTo(found[c], within(1e-12));
    }
    int[][] identical = Arrays.stream(pairs).map(p -> new int[] {p[0], p[0]}).toArray(int[][]::new);
    identical[n - 1] = new int[] {8, 8};
    assertThat(coefficients(identical)).containsExactly(new double[] {1, 1, 1}, within(1e-12));
  }

  private static double coverage(long seed, double truth, Function<Random, Estimate> study) {
    Random random = new Random(seed);
    int covered = 0;
    for (int i = 0; i < 1500; i++) {
      covered += study.apply(random).contains(truth) ? 1 : 0;
    }
    return covered / 1500.0;
  }

  @Property(tries = 6, seed = "506")
  void intervalsOfLevelNinetyPercentCover(
      @ForAll @IntRange(min = 30, max = 80) int n, @ForAll long seed) {
    // Of two normal variables with correlation ½, τ is 2/π·arcsin ½ = ⅓ and ρ is 6/π·arcsin ¼.
    double[] truths = {0.5, 6 / Math.PI * Math.asin(0.25), 1.0 / 3};
    for (Correlation correlation : Correlation.values()) {
      double rate =
          coverage(
              seed,
              truths[correlation.ordinal()],
              random -> {
                double[] x = random.doubles(n).map(u -> random.nextGaussian()).toArray();
                double[] y =
                    Arrays.stream(x)
                        .map(v -> v / 2 + Math.sqrt(0.75) * random.nextGaussian())
                        .toArray();
                return correlation.of(x, y, 0.9);
              });
      assertThat(rate).as(correlation.name()).isBetween(0.86, 0.95);
    }
    // Φ(1/√2) is the area of two normal variables whose means differ by 1.
    double area =
        coverage(
            seed,
            0.7602499389,
            random -> {
              double[] scores = random.doubles(n).map(u -> random.nextGaussian()).toArray();
              boolean[] positive = new boolean[n];
              for (int i = 0; i < n / 2; i++) {
                positive[i] = true;
                scores[i]++;
              }
              return RocArea.of(scores, positive, 0.9);
            });
    assertThat(area).as("area").isBetween(0.85, 0.95);
    double median =
        coverage(
            seed,
            Math.log(2),
            random -> Median.of(random.doubles(n).map(u -> -Math.log1p(-u)).toArray(), 0.9));
    assertThat(median).as("median").isBetween(0.87, 0.98);
  }
}
