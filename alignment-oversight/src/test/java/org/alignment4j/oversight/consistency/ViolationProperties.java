package org.alignment4j.oversight.consistency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class ViolationProperties {

  /** Any joint distribution of two events keeps every rule. */
  @Property
  void coherentForecastsHaveNoViolation(
      @ForAll @DoubleRange(min = 0.01, max = 1) double both,
      @ForAll @DoubleRange(min = 0.01, max = 1) double onlyA,
      @ForAll @DoubleRange(min = 0.01, max = 1) double onlyB,
      @ForAll @DoubleRange(min = 0.01, max = 1) double neither) {
    double sum = both + onlyA + onlyB + neither;
    double a = (both + onlyA) / sum;
    double b = (both + onlyB) / sum;
    double ab = both / sum;
    // A difference of 1e-16 has a root of 1e-8.
    assertThat(Violation.bayes(a, b, ab / b, ab / a)).isCloseTo(0, within(1e-7));
    assertThat(Violation.negation(a, 1 - a)).isCloseTo(0, within(1e-12));
    assertThat(Violation.paraphrase(a, a, a)).isEqualTo(0);
  }

  @Property
  void statisticsStayInRange(
      @ForAll @Size(min = 4, max = 7) List<@DoubleRange(min = 0, max = 1) Double> forecasts) {
    double[] p = forecasts.stream().mapToDouble(Double::doubleValue).toArray();
    assertThat(Violation.negation(p[0], p[1])).isBetween(0.0, 1.0);
    assertThat(Violation.paraphrase(p)).isBetween(0.0, 1.0);
    assertThat(Violation.bayes(p[0], p[1], p[2], p[3])).isBetween(0.0, 1.0);
    assertThat(Violation.monotonicity(p)).isBetween(0.0, 1.0);
  }

  /** Spearman's coefficient of a permutation by the sum of squared differences of ranks. */
  @Property
  void monotonicityOfPermutationsAgreesWithTheSumOfSquares(
      @ForAll @Size(min = 2, max = 8) List<@IntRange(max = 1000) Integer> drawn) {
    List<Integer> distinct = drawn.stream().distinct().toList();
    int n = distinct.size();
    if (n < 2) {
      return;
    }
    double squares = 0;
    for (int i = 0; i < n; i++) {
      int value = distinct.get(i);
      long rank = distinct.stream().filter(other -> other < value).count();
      squares += (rank - i) * (double) (rank - i);
    }
    double rho = 1 - 6 * squares / (n * (n * (double) n - 1));
    double[] values = distinct.stream().mapToDouble(Integer::doubleValue).toArray();
    assertThat(Violation.monotonicity(values)).isCloseTo((1 - rho) / 2, within(1e-12));
  }
}
