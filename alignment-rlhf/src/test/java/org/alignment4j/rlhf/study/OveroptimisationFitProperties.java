package org.alignment4j.rlhf.study;

import static org.alignment4j.rlhf.study.OveroptimisationForm.BEST_OF_N;
import static org.alignment4j.rlhf.study.OveroptimisationForm.REINFORCEMENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class OveroptimisationFitProperties {

  private static double reward(OveroptimisationForm form, double d, double alpha, double beta) {
    double falling = form == BEST_OF_N ? d : d == 0 ? 0 : Math.log(d);
    return d * (alpha - beta * falling);
  }

  private static double[] distances(long seed, int count, double largest) {
    Random random = new Random(seed);
    double[] distances = new double[count];
    Arrays.setAll(distances, i -> i == 0 ? 0 : (i + 0.8 * random.nextDouble()) * largest / count);
    return distances;
  }

  @Property(tries = 300)
  void noiselessDataGiveTheCurveBack(
      @ForAll OveroptimisationForm form,
      @ForAll long seed,
      @ForAll @IntRange(min = 4, max = 12) int count,
      @ForAll @DoubleRange(min = 0.5, max = 12) double largest,
      @ForAll @DoubleRange(min = -2, max = 2) double alpha,
      @ForAll @DoubleRange(min = -1, max = 1) double beta) {
    double[] distances = distances(seed, count, largest);
    double[] rewards = Arrays.stream(distances).map(d -> reward(form, d, alpha, beta)).toArray();
    OveroptimisationFit fit = OveroptimisationFit.of(form, distances, rewards);
    assertThat(fit.alpha()).isCloseTo(alpha, within(1e-9));
    assertThat(fit.beta()).isCloseTo(beta, within(1e-9));
    assertThat(fit.residual()).isLessThan(1e-9);
    assertThat(fit.value(0)).isZero();
    assertThat(fit.value(1.7)).isCloseTo(reward(form, 1.7, alpha, beta), within(1e-8));
  }

  /** The residuals of least squares are orthogonal to what is fitted. */
  @Property(tries = 200)
  void noisyDataAreFittedByLeastSquares(@ForAll OveroptimisationForm form, @ForAll long seed) {
    double[] distances = distances(seed, 9, 6);
    Random random = new Random(seed);
    double[] rewards = new double[distances.length];
    Arrays.setAll(rewards, i -> random.nextGaussian());
    OveroptimisationFit fit = OveroptimisationFit.of(form, distances, rewards);
    double ofSlope = 0;
    double ofFall = 0;
    double squares = 0;
    for (int i = 0; i < distances.length; i++) {
      double d = distances[i];
      double residual = rewards[i] - reward(form, d, fit.alpha(), fit.beta());
      ofSlope += residual * d;
      ofFall += residual * reward(form, d, 0, 1);
      squares += residual * residual;
    }
    assertThat(ofSlope).isCloseTo(0, within(1e-9));
    assertThat(ofFall).isCloseTo(0, within(1e-8));
    // The first point is at the distance 0, where the curve is 0 by its form.
    double ofFitted = squares - rewards[0] * rewards[0];
    assertThat(fit.residual()).isCloseTo(Math.sqrt(ofFitted / 8), within(1e-12));
    rewards[0] = 1e6;
    assertThat(OveroptimisationFit.of(form, distances, rewards)).isEqualTo(fit);
  }

  @Property(tries = 200)
  void thePeakIsTheHighestPointOfTheCurve(
      @ForAll OveroptimisationForm form,
      @ForAll @DoubleRange(min = 0.1, max = 2) double alpha,
      @ForAll @DoubleRange(min = 0.1, max = 1) double beta) {
    double largest = 4;
    double[] distances = distances(7, 8, largest);
    double[] rewards = Arrays.stream(distances).map(d -> reward(form, d, alpha, beta)).toArray();
    OveroptimisationFit fit = OveroptimisationFit.of(form, distances, rewards);
    double peak = fit.peak().getAsDouble();
    for (double step : new double[] {-0.05, -0.001, 0.001, 0.05}) {
      double beside = peak * (1 + step);
      assertThat(reward(form, beside, alpha, beta))
          .isLessThan(reward(form, peak, alpha, beta) + 1e-12);
    }
    boolean inside = peak <= Arrays.stream(distances).max().getAsDouble();
    assertThat(fit.verdict())
        .isEqualTo(
            inside ? OveroptimisationVerdict.PEAK_OBSERVED : OveroptimisationVerdict.EXTRAPOLATED);
  }

  @Example
  void verdicts() {
    assertThat(fit(BEST_OF_N, 1, 0.25).verdict()).isEqualTo(OveroptimisationVerdict.PEAK_OBSERVED);
    assertThat(fit(BEST_OF_N, 1, 0.25).peak()).hasValueCloseTo(2.0, within(1e-9));
    assertThat(fit(BEST_OF_N, 1, 0.01).verdict()).isEqualTo(OveroptimisationVerdict.EXTRAPOLATED);
    assertThat(fit(BEST_OF_N, -1, 0.1).verdict()).isEqualTo(OveroptimisationVerdict.FALLS_AT_ONCE);
    assertThat(fit(BEST_OF_N, 1, -0.1).verdict()).isEqualTo(OveroptimisationVerdict.NOT_OBSERVED);
    assertThat(fit(BEST_OF_N, 1, -0.1).peak()).isEmpty();
    assertThat(fit(REINFORCEMENT, 1, -0.1).verdict().text())
        .isEqualTo("no overoptimisation observed");
    // e^(0.5/0.5 − 1) = 1.
    assertThat(fit(REINFORCEMENT, 0.5, 0.5).peak()).hasValueCloseTo(1.0, within(1e-9));
    assertThat(fit(REINFORCEMENT, 2, 0.5).verdict())
        .isEqualTo(OveroptimisationVerdict.EXTRAPOLATED);
  }

  /** The peak of both is at 2, of distances that begin or end there or beside it. */
  @Example
  void aPeakIsObservedFromTheSmallestDistanceToTheLargest() {
    double[][] inside = {{2, 4}, {0.5, 2}, {2, 2}, {0, 4}};
    double[][] outside = {{Math.nextUp(2.0), 4}, {3, 5}, {0.5, Math.nextDown(2.0)}, {0, 1}};
    for (double[] range : inside) {
      assertThat(ranged(range).verdict()).isEqualTo(OveroptimisationVerdict.PEAK_OBSERVED);
    }
    for (double[] range : outside) {
      assertThat(ranged(range).verdict()).isEqualTo(OveroptimisationVerdict.EXTRAPOLATED);
    }
    double[] far = {3, 4, 5, 6};
    double[] rewards = Arrays.stream(far).map(d -> reward(BEST_OF_N, d, 1, 0.25)).toArray();
    OveroptimisationFit fit = OveroptimisationFit.of(BEST_OF_N, far, rewards);
    assertThat(fit.low()).isEqualTo(3);
    assertThat(fit.verdict()).isEqualTo(OveroptimisationVerdict.EXTRAPOLATED);
  }

  private static OveroptimisationFit ranged(double[] range) {
    OveroptimisationFit fit = new OveroptimisationFit(BEST_OF_N, 1, 0.25, 0, range[0], range[1]);
    assertThat(fit.peak()).hasValue(2.0);
    return fit;
  }

  private static OveroptimisationFit fit(OveroptimisationForm form, double alpha, double beta) {
    double[] distances = {0, 0.5, 1, 2, 4};
    double[] rewards = Arrays.stream(distances).map(d -> reward(form, d, alpha, beta)).toArray();
    return OveroptimisationFit.of(form, distances, rewards);
  }

  @Example
  void refusals() {
    assertThatThrownBy(
            () ->
                OveroptimisationFit.of(
                    BEST_OF_N, new double[] {0, 1, 2, 2}, new double[] {0, 1, 1, 1}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "a curve must be fitted to at least 3 different distances above 0 but there are 2");
    assertThatThrownBy(
            () -> OveroptimisationFit.of(BEST_OF_N, new double[] {1, -2}, new double[] {0, 0}))
        .hasMessage("distances[1] must be finite and not negative but was -2.0");
    assertThatThrownBy(
            () -> OveroptimisationFit.of(BEST_OF_N, new double[] {1}, new double[] {Double.NaN}))
        .hasMessage("rewards[0] must be finite but was NaN");
    assertThatThrownBy(
            () -> OveroptimisationFit.of(BEST_OF_N, new double[] {1}, new double[] {1, 2}))
        .hasMessageContaining("same length but have 1 and 2");
  }
}
