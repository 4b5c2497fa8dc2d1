package org.alignment4j.core.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class SignificanceProperties {

  /** Whole-number scores make every comparison of sums exact. */
  private static double[] whole(Random random, int n) {
    return random.ints(n, -4, 5).asDoubleStream().toArray();
  }

  /** P-values up to a largest one, on a coarse grid so that some are equal. */
  private static double[] coarse(long seed, int n, double largest) {
    return new Random(seed).doubles(n).map(u -> largest * Math.rint(40 * u) / 40).toArray();
  }

  @Property(tries = 100, seed = "201")
  void signFlipsEqualEnumeration(@ForAll @IntRange(min = 1, max = 11) int n, @ForAll long seed) {
    double[] d = whole(new Random(seed), n);
    double observed = Math.abs(Arrays.stream(d).sum());
    int hits = 0;
    for (int signs = 0; signs < 1 << n; signs++) {
      double sum = 0;
      for (int i = 0; i < n; i++) {
        sum += (signs >> i & 1) == 0 ? d[i] : -d[i];
      }
      hits += Math.abs(sum) >= observed ? 1 : 0;
    }
    TestResult result = SignFlipTest.seeded(1).of(d, new double[n]);
    assertThat(result.exact()).isTrue();
    assertThat(result.pValue()).isEqualTo((double) hits / (1 << n));
    assertThat(SignFlipTest.seeded(1).of(new double[n], d).pValue()).isEqualTo(result.pValue());
    int[] alone = new int[n];
    Arrays.setAll(alone, i -> 7 * i);
    assertThat(SignFlipTest.seeded(1).of(d, new double[n], alone)).isEqualTo(result);
  }

  @Property(tries = 100, seed = "202")
  void labelsEqualEnumeration(
      @ForAll @IntRange(min = 1, max = 5) int n,
      @ForAll @IntRange(min = 1, max = 6) int m,
      @ForAll long seed) {
    double[] pooled = whole(new Random(seed), n + m);
    double total = Arrays.stream(pooled).sum();
    double[] first = Arrays.copyOf(pooled, n);
    double[] second = Arrays.copyOfRange(pooled, n, n + m);
    // m·S − n·(T − S) is the difference of the means times n·m, exact in whole numbers.
    double observed = Math.abs(m * Arrays.stream(first).sum() - n * Arrays.stream(second).sum());
    int hits = 0;
    int divisions = 0;
    for (int chosen = 0; chosen < 1 << (n + m); chosen++) {
      if (Integer.bitCount(chosen) == n) {
        double sum = 0;
        for (int i = 0; i < n + m; i++) {
          sum += (chosen >> i & 1) == 1 ? pooled[i] : 0;
        }
        divisions++;
        hits += Math.abs(m * sum - n * (total - sum)) >= observed ? 1 : 0;
      }
    }
    TestResult result = LabelPermutationTest.seeded(1).of(first, second);
    assertThat(result.arrangements()).isEqualTo(divisions);
    assertThat(result.pValue()).isEqualTo((double) hits / divisions);
    assertThat(LabelPermutationTest.seeded(1).of(second, first).pValue())
        .isEqualTo(result.pValue());
  }

  @Property(tries = 100, seed = "203")
  void mcNemarEqualsSignFlipsAndBinomialSums(
      @ForAll @Size(min = 1, max = 16) boolean[] first, @ForAll long seed) {
    Random random = new Random(seed);
    int n = first.length;
    boolean[] second = new boolean[n];
    double[] a = new double[n];
    double[] b = new double[n];
    int onlyFirst = 0;
    int differ = 0;
    for (int i = 0; i < n; i++) {
      second[i] = random.nextBoolean();
      a[i] = first[i] ? 1 : 0;
      b[i] = second[i] ? 1 : 0;
      onlyFirst += first[i] && !second[i] ? 1 : 0;
      differ += first[i] != second[i] ? 1 : 0;
    }
    BigInteger term = BigInteger.ONE;
    BigInteger tail = BigInteger.ZERO;
    for (int k = 0; k <= Math.min(onlyFirst, differ - onlyFirst); k++) {
      tail = tail.add(term);
      term = term.multiply(BigInteger.valueOf(differ - k)).divide(BigInteger.valueOf(k + 1));
    }
    double expected = Math.min(1, 2 * tail.doubleValue() / Math.pow(2, differ));
    TestResult exact = McNemarTest.exact(first, second);
    assertThat(exact.pValue()).isCloseTo(expected, within(1e-12));
    TestResult flipped = SignFlipTest.seeded(1).of(a, b);
    assertThat(flipped.pValue()).isCloseTo(expected, within(1e-12));
    assertThat(exact.statistic()).isCloseTo(flipped.statistic(), within(1e-12));
  }

  @Property(tries = 20, seed = "204")
  void levelIsKept(@ForAll @IntRange(min = 5, max = 40) int n, @ForAll long seed) {
    Random random = new Random(seed);
    int found = 0;
    for (int study = 0; study < 1000; study++) {
      double[] d = random.doubles(n).map(u -> random.nextGaussian()).toArray();
      found += new SignFlipTest(199, study).of(d, new double[n]).pValue() <= 0.1 ? 1 : 0;
    }
    // 0.1 ± 4 standard errors; below 8 units the exact test may be coarser, never larger.
    assertThat(found).isLessThan(138);
    if (n > 8) {
      assertThat(found).isGreaterThan(62);
    }
  }

  @Property(tries = 200, seed = "205")
  void adjustedValuesAreOrdered(@ForAll @IntRange(max = 12) int n, @ForAll long seed) {
    double[] raw = coarse(seed, n, 1);
    double[] holm = MultipleComparisons.holm(raw);
    double[] hochberg = MultipleComparisons.benjaminiHochberg(raw);
    int m = raw.length;
    for (int i = 0; i < m; i++) {
      assertThat(holm[i]).isBetween(Math.max(raw[i], hochberg[i]) - 1e-15, 1.0);
      assertThat(hochberg[i]).isBetween(raw[i] - 1e-15, 1.0);
      assertThat(holm[i]).isLessThanOrEqualTo(Math.min(1, m * raw[i]));
      for (int j = 0; j < m; j++) {
        if (raw[i] <= raw[j]) {
          assertThat(holm[i]).isLessThanOrEqualTo(holm[j]);
          assertThat(hochberg[i]).isLessThanOrEqualTo(hochberg[j]);
        }
      }
    }
  }

  /** The step procedures as their papers give them: reject in order until the first failure. */
  @Property(tries = 200, seed = "206")
  void adjustedValuesDecideAsTheProcedures(
      @ForAll @IntRange(min = 1, max = 10) int n,
      @ForAll @DoubleRange(min = 0.01, max = 0.3) double level,
      @ForAll long seed) {
    double[] raw = coarse(seed, n, 0.2);
    int m = raw.length;
    double[] sorted = raw.clone();
    Arrays.sort(sorted);
    int holm = 0;
    while (holm < m && sorted[holm] <= level / (m - holm)) {
      holm++;
    }
    int hochberg = m;
    while (hochberg > 0 && sorted[hochberg - 1] > level * hochberg / m) {
      hochberg--;
    }
    assertThat(Arrays.stream(MultipleComparisons.holm(raw)).filter(p -> p <= level).count())
        .isEqualTo(holm);
    assertThat(
            Arrays.stream(MultipleComparisons.benjaminiHochberg(raw))
                .filter(p -> p <= level)
                .count())
        .isEqualTo(hochberg);
  }

  @Property(tries = 100, seed = "207")
  void shiftsChangeNothing(
      @ForAll @IntRange(min = 1, max = 6) int n,
      @ForAll @IntRange(min = 1, max = 6) int m,
      @ForAll @IntRange(min = 0, max = 48) int power,
      @ForAll boolean random,
      @ForAll long seed) {
    double[] first = whole(new Random(seed), n);
    double[] second = whole(new Random(seed + 1), m);
    double shift = Math.scalb(random ? -1.0 : 1.0, power);
    // Quarters stay exact after the shift, too.
    for (double unit : new double[] {1, 0.25}) {
      LabelPermutationTest test =
          random ? new LabelPermutationTest(50, 3) : LabelPermutationTest.seeded(3);
      TestResult here = test.of(scaled(first, unit, 0), scaled(second, unit, 0));
      if (unit == 1 || power < 40) {
        TestResult there = test.of(scaled(first, unit, shift), scaled(second, unit, shift));
        assertThat(there.pValue()).isEqualTo(here.pValue());
      }
    }
    double[] other = whole(new Random(seed + 2), n);
    SignFlipTest signs = SignFlipTest.seeded(3);
    assertThat(signs.of(scaled(first, 1, shift), scaled(other, 1, shift)).pValue())
        .isEqualTo(signs.of(first, other).pValue());
  }

  private static double[] scaled(double[] values, double unit, double shift) {
    return Arrays.stream(values).map(v -> unit * v + shift).toArray();
  }

  /** Rounding of the shifted scores may make or break a few ties, not change what is found. */
  @Property(tries = 40, seed = "208")
  void shiftsOfContinuousScoresChangeHardlyAnything(
      @ForAll @IntRange(min = 2, max = 7) int n, @ForAll long seed) {
    double[] first = new Random(seed).doubles(n).toArray();
    double[] second = new Random(seed + 1).doubles(n + 1).toArray();
    LabelPermutationTest test = LabelPermutationTest.seeded(1);
    TestResult here = test.of(first, second);
    for (double shift : new double[] {1e4, 1e6, 1e8}) {
      TestResult there = test.of(scaled(first, 1, shift), scaled(second, 1, shift));
      assertThat(there.pValue()).isCloseTo(here.pValue(), within(3.0 / here.arrangements()));
    }
  }
}
