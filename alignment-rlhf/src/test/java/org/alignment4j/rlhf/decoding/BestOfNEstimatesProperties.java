package org.alignment4j.rlhf.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.alignment4j.core.statistics.BestOfK;

class BestOfNEstimatesProperties {

  private static BigInteger choose(int n, int k) {
    BigInteger result = BigInteger.ONE;
    for (int i = 0; i < k; i++) {
      result = result.multiply(BigInteger.valueOf(n - i)).divide(BigInteger.valueOf(i + 1));
    }
    return k > n ? BigInteger.ZERO : result;
  }

  @Property(tries = 200)
  void weightsAreSharesOfSubsetsAndSumToOne(
      @ForAll @IntRange(min = 1, max = 300) int samples, @ForAll @IntRange(min = 1) int any) {
    int n = 1 + Math.floorMod(any, samples);
    double[] weights = BestOfNEstimates.weights(samples, n);
    assertThat(Arrays.stream(weights).sum()).isCloseTo(1, within(1e-12));
    BigDecimal all = new BigDecimal(choose(samples, n));
    for (int i = 1; i <= samples; i += 1 + samples / 7) {
      double exact =
          new BigDecimal(choose(i - 1, n - 1)).divide(all, MathContext.DECIMAL64).doubleValue();
      assertThat(weights[i - 1]).isCloseTo(exact, within(1e-13 + 1e-11 * exact));
    }
  }

  /** The mean over all subsets of n, with the mean over the best where several are. */
  private static double overSubsets(double[] proxy, double[] gold, int n) {
    double sum = 0;
    int subsets = 0;
    for (int subset = 0; subset < 1 << proxy.length; subset++) {
      if (Integer.bitCount(subset) != n) {
        continue;
      }
      double best = Double.NEGATIVE_INFINITY;
      double ofBest = 0;
      int ties = 0;
      for (int i = 0; i < proxy.length; i++) {
        if ((subset >> i & 1) == 1 && proxy[i] >= best) {
          ofBest = proxy[i] > best ? gold[i] : ofBest + gold[i];
          ties = proxy[i] > best ? 1 : ties + 1;
          best = proxy[i];
        }
      }
      sum += ofBest / ties;
      subsets++;
    }
    return sum / subsets;
  }

  /** Samples of few levels have many ties; those of none are continuous. */
  private static double[] proxies(Random random, int samples, int levels) {
    return levels == 0
        ? random.doubles(samples, -1, 1).toArray()
        : random.ints(samples, 0, levels).asDoubleStream().toArray();
  }

  @Property(tries = 200)
  void theExpectationIsTheMeanOverAllSubsets(
      @ForAll @IntRange(min = 1, max = 9) int samples,
      @ForAll @IntRange(min = 0, max = 4) int levels,
      @ForAll long seed) {
    Random random = new Random(seed);
    double[] proxy = proxies(random, samples, levels);
    double[] gold = random.doubles(samples, -1, 1).toArray();
    for (int n = 1; n <= samples; n++) {
      assertThat(BestOfNEstimates.expected(proxy, gold, n))
          .isCloseTo(overSubsets(proxy, gold, n), within(1e-12));
    }
  }

  @Property(tries = 100)
  void theOrderOfTheSamplesDoesNotMatter(
      @ForAll @IntRange(min = 2, max = 30) int samples,
      @ForAll @IntRange(min = 0, max = 5) int levels,
      @ForAll long seed) {
    Random random = new Random(seed);
    double[] proxy = proxies(random, samples, levels);
    double[] gold = random.doubles(samples, -1, 1).toArray();
    List<Integer> order = new ArrayList<>(IntStream.range(0, samples).boxed().toList());
    Collections.shuffle(order, random);
    int n = 1 + samples / 2;
    assertThat(
            BestOfNEstimates.expected(
                order.stream().mapToDouble(i -> proxy[i]).toArray(),
                order.stream().mapToDouble(i -> gold[i]).toArray(),
                n))
        .isCloseTo(BestOfNEstimates.expected(proxy, gold, n), within(1e-12));
  }

  @Property(tries = 200)
  void oneIsTheMeanAllIsTheBestAndTheProxyNeverFalls(
      @ForAll @IntRange(min = 1, max = 200) int samples, @ForAll long seed) {
    Random random = new Random(seed);
    double[] proxy = random.doubles(samples, -5, 5).toArray();
    double[] gold = random.doubles(samples, -5, 5).toArray();
    assertThat(BestOfNEstimates.expected(proxy, gold, 1))
        .isCloseTo(Arrays.stream(gold).average().orElseThrow(), within(1e-12));
    int best = 0;
    for (int i = 1; i < samples; i++) {
      best = proxy[i] > proxy[best] ? i : best;
    }
    assertThat(BestOfNEstimates.expected(proxy, gold, samples)).isEqualTo(gold[best]);
    double before = Double.NEGATIVE_INFINITY;
    for (int n = 1; n <= samples; n++) {
      double now = BestOfNEstimates.expected(proxy, proxy, n);
      assertThat(now).isGreaterThanOrEqualTo(before - 1e-12);
      assertThat(now).isCloseTo(BestOfK.expectedMaximum(proxy, n), within(1e-9));
      before = now;
    }
  }

  @Property(tries = 200)
  void passAtKIsTheExpectationOfRightAndWrong(
      @ForAll @IntRange(min = 1, max = 60) int samples,
      @ForAll @IntRange(min = 0, max = 1000) int any,
      @ForAll @IntRange(min = 0, max = 1000) int other) {
    int right = any % (samples + 1);
    int k = 1 + other % samples;
    double[] scores = new double[samples];
    Arrays.fill(scores, 0, right, 1);
    assertThat(BestOfNEstimates.passAtK(samples, right, k))
        .isCloseTo(BestOfNEstimates.expected(scores, scores, k), within(1e-12));
    if (samples - right < k) {
      assertThat(BestOfNEstimates.passAtK(samples, right, k)).isEqualTo(1);
    }
  }

  /** A signed zero is a zero. */
  @Example
  void zerosOfEitherSignTie() {
    assertThat(BestOfNEstimates.expected(new double[] {-0.0, 0.0}, new double[] {3, 5}, 2))
        .isEqualTo(4);
  }

  @Example
  void badInputIsRefused() {
    assertThatThrownBy(() -> BestOfNEstimates.weights(4, 5))
        .hasMessage(
            "n must be in [1, samples = 4] but was 5; draw at least n samples of each prompt");
    assertThatThrownBy(() -> BestOfNEstimates.weights(4, 0)).hasMessageContaining("but was 0");
    assertThatThrownBy(() -> BestOfNEstimates.expected(new double[] {1, 2}, new double[] {1}, 1))
        .hasMessageContaining("one score for each sample but have 2 and 1");
    assertThatThrownBy(
            () -> BestOfNEstimates.expected(new double[] {1, Double.NaN}, new double[] {1, 2}, 1))
        .hasMessage("proxy[1] must be finite but was NaN");
  }
}
