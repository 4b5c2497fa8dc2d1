package org.alignment4j.oversight.weaktostrong;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.alignment4j.core.statistics.Bootstrap;

class PerformanceGapProperties {

  @Property
  void theStudentLiesAtItsShareOfTheGap(
      @ForAll @DoubleRange(min = 0, max = 0.8) double weak,
      @ForAll @DoubleRange(min = 0.01, max = 0.2) double gap,
      @ForAll @DoubleRange(min = -1, max = 2) double share) {
    assertThat(PerformanceGap.recovered(weak, weak + share * gap, weak + gap).orElseThrow())
        .isCloseTo(share, within(1e-9));
  }

  @Property
  void thereIsNothingToRecoverBelowTheSupervisor(
      @ForAll @DoubleRange(min = 0, max = 1) double weak,
      @ForAll @DoubleRange(min = 0, max = 1) double below) {
    assertThat(PerformanceGap.recovered(weak, 0.7, weak * below)).isEmpty();
  }

  /** Spread of independent items by the delta method, against the bootstrap's. */
  @Example
  void theBootstrapIsPaired() {
    int n = 4000;
    SplittableRandom random = new SplittableRandom(4);
    double[] weak = new double[n];
    double[] student = new double[n];
    double[] ceiling = new double[n];
    for (int i = 0; i < n; i++) {
      double hard = random.nextDouble();
      weak[i] = hard < 0.6 ? 1 : 0;
      student[i] = hard < 0.7 ? 1 : 0;
      ceiling[i] = hard < 0.8 ? 1 : 0;
    }
    int[] each = new int[n];
    Arrays.setAll(each, i -> i);
    Bootstrap.Result found =
        PerformanceGap.recovered(weak, student, ceiling, each, Bootstrap.seeded(1)).orElseThrow();
    double value = found.estimate().value();
    // g = (s − w)/(c − w) of paired means: the variance of (s − w) − g·(c − w), over the gap
    double squares = 0;
    double gap = 0;
    for (int i = 0; i < n; i++) {
      gap += (ceiling[i] - weak[i]) / n;
      double rest = student[i] - weak[i] - value * (ceiling[i] - weak[i]);
      squares += rest * rest / n;
    }
    assertThat(value).isCloseTo(0.5, within(0.05));
    assertThat(found.estimate().standardError())
        .isCloseTo(Math.sqrt(squares / n) / gap, within(0.002));
    assertThat(found.undefinedResamples()).isZero();
  }

  /** Two answers of one question are drawn together: copies of every item add nothing. */
  @Example
  void sourcesAreDrawnAsAWhole() {
    double[] weak = {1, 0, 0, 1, 0, 0};
    double[] student = {1, 1, 0, 1, 1, 0};
    double[] ceiling = {1, 1, 1, 1, 1, 1};
    Bootstrap bootstrap = Bootstrap.seeded(3);
    Bootstrap.Result clustered =
        PerformanceGap.recovered(weak, student, ceiling, new int[] {0, 1, 2, 0, 1, 2}, bootstrap)
            .orElseThrow();
    Bootstrap.Result alone =
        PerformanceGap.recovered(
                Arrays.copyOf(weak, 3),
                Arrays.copyOf(student, 3),
                Arrays.copyOf(ceiling, 3),
                new int[] {0, 1, 2},
                bootstrap)
            .orElseThrow();
    assertThat(clustered.estimate().value()).isCloseTo(0.5, within(1e-12));
    assertThat(clustered.estimate().ciLow()).isCloseTo(alone.estimate().ciLow(), within(1e-12));
    assertThat(clustered.undefinedResamples()).isEqualTo(alone.undefinedResamples()).isPositive();
  }

  @Example
  void badInputIsNamed() {
    assertThatThrownBy(() -> PerformanceGap.recovered(Double.NaN, 0, 1))
        .hasMessageContaining("performances must be finite but those of weak, student and ceiling")
        .hasMessageContaining("NaN, 0.0 and 1.0");
    assertThatThrownBy(
            () ->
                PerformanceGap.recovered(
                    new double[2], new double[1], new double[2], new int[2], Bootstrap.seeded(1)))
        .hasMessageContaining("one number for each of the 2 items but have 2, 1 and 2");
    assertThat(
            PerformanceGap.recovered(
                new double[0], new double[0], new double[0], new int[0], Bootstrap.seeded(1)))
        .isEmpty();
  }
}
