package org.alignment4j.rlhf.advantage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.EnumSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/** What estimators of a divergence promise, by enumeration of small distributions. */
class KlEstimatorProperties {

  @Provide
  Arbitrary<double[]> distributions() {
    return Arbitraries.doubles()
        .between(0.05, 3)
        .array(double[].class)
        .ofSize(5)
        .map(KlEstimatorProperties::normalised);
  }

  private static double[] normalised(double[] weights) {
    double sum = 0;
    for (double w : weights) {
      sum += w;
    }
    double[] p = weights.clone();
    for (int v = 0; v < p.length; v++) {
      p[v] /= sum;
    }
    return p;
  }

  private static double expected(KlEstimator estimator, double[] p, double[] q) {
    double sum = 0;
    for (int v = 0; v < p.length; v++) {
      sum += p[v] * estimator.value(Math.log(p[v]), Math.log(q[v]));
    }
    return sum;
  }

  @Property(tries = 200)
  void k1AndK3AreUnbiased(
      @ForAll("distributions") double[] p, @ForAll("distributions") double[] q) {
    double kl = 0;
    for (int v = 0; v < p.length; v++) {
      kl += p[v] * Math.log(p[v] / q[v]);
    }
    assertThat(expected(KlEstimator.K1, p, q)).isCloseTo(kl, within(1e-12));
    assertThat(expected(KlEstimator.K3, p, q)).isCloseTo(kl, within(1e-12));
  }

  @Property(tries = 200)
  void allButK1AreNeverNegativeAndZeroOnlyAtEquality(
      @ForAll @DoubleRange(min = -30, max = 0) double policy,
      @ForAll @DoubleRange(min = -30, max = 0) double reference) {
    for (KlEstimator estimator :
        EnumSet.of(KlEstimator.ABSOLUTE_K1, KlEstimator.K2, KlEstimator.K3)) {
      double value = estimator.value(policy, reference);
      assertThat(value).isNotNegative().isFinite();
      if (Math.abs(policy - reference) > 1e-6) {
        assertThat(value).isPositive();
      }
      assertThat(estimator.value(policy, policy)).isZero();
    }
  }

  @Property(tries = 200)
  void absoluteK1IsTheMagnitudeOfK1AndNoLessThanTheDivergence(
      @ForAll("distributions") double[] p, @ForAll("distributions") double[] q) {
    double sum = 0;
    for (int v = 0; v < p.length; v++) {
      sum += p[v] * Math.max(Math.log(p[v] / q[v]), Math.log(q[v] / p[v]));
    }
    assertThat(expected(KlEstimator.ABSOLUTE_K1, p, q)).isCloseTo(sum, within(1e-12));
    assertThat(sum).isGreaterThanOrEqualTo(expected(KlEstimator.K1, p, q) - 1e-12);
  }

  @Property(tries = 100)
  void smallDifferencesGiveHalfTheSquare(
      @ForAll @IntRange(min = -1000, max = 1000) int millionths) {
    double delta = millionths * 1e-6;
    double half = 0.5 * delta * delta;
    assertThat(KlEstimator.K2.value(-1 + delta, -1)).isCloseTo(half, within(1e-14));
    assertThat(KlEstimator.K3.value(-1 + delta, -1)).isCloseTo(half, within(1e-9));
  }

  @Example
  void k3IsFlatBeyondItsCap() {
    double atCap = KlEstimator.K3.value(-20, 0);
    assertThat(atCap).isCloseTo(Math.expm1(20) - 20, within(1e-3));
    assertThat(KlEstimator.K3.value(-900, 0)).isEqualTo(atCap);
    assertThat(KlEstimator.K3.value(0, -900)).isCloseTo(899, within(1e-9));
  }

  @Example
  void onlyK1MeansNothingInALoss() {
    assertThat(KlEstimator.K1.meansInLoss()).isFalse();
    assertThat(KlEstimator.ABSOLUTE_K1.meansInLoss()).isTrue();
    assertThat(KlEstimator.K2.meansInLoss()).isTrue();
    assertThat(KlEstimator.K3.meansInLoss()).isTrue();
  }
}
