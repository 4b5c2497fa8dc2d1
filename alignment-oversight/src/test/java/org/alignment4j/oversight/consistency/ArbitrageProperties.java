package org.alignment4j.oversight.consistency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;

class ArbitrageProperties {

  /**
   * The bettor's problem as a linear program, by trying every corner: the greatest t such that
   * stakes in [−1, 1] earn at least t in each world.
   *
   * @param gains what a contract on each statement earns in each world
   */
  private static double surelyEarned(double[][] gains) {
    int bets = gains[0].length;
    int size = bets + 1;
    double[][] bounds = new double[gains.length + 2 * bets][size + 1];
    for (int world = 0; world < gains.length; world++) {
      for (int bet = 0; bet < bets; bet++) {
        bounds[world][bet] = -gains[world][bet];
      }
      bounds[world][bets] = 1;
    }
    for (int bet = 0; bet < bets; bet++) {
      for (int side = 0; side < 2; side++) {
        double[] bound = bounds[gains.length + 2 * bet + side];
        bound[bet] = side == 0 ? 1 : -1;
        bound[size] = 1;
      }
    }
    return best(bounds, new int[size], 0, 0);
  }

  private static double best(double[][] bounds, int[] chosen, int count, int from) {
    if (count == chosen.length) {
      double[] corner = solved(bounds, chosen);
      boolean inside =
          corner.length > 0
              && Arrays.stream(bounds)
                  .allMatch(bound -> product(bound, corner) <= bound[corner.length] + 1e-9);
      return inside ? corner[corner.length - 1] : Double.NEGATIVE_INFINITY;
    }
    double best = Double.NEGATIVE_INFINITY;
    for (int i = from; i < bounds.length; i++) {
      chosen[count] = i;
      best = Math.max(best, best(bounds, chosen, count + 1, i + 1));
    }
    return best;
  }

  private static double product(double[] bound, double[] corner) {
    double sum = 0;
    for (int i = 0; i < corner.length; i++) {
      sum += bound[i] * corner[i];
    }
    return sum;
  }

  /** Where the chosen bounds meet; nothing where they do not meet in one point. */
  private static double[] solved(double[][] bounds, int[] chosen) {
    int n = chosen.length;
    double[][] rows = new double[n][];
    for (int i = 0; i < n; i++) {
      rows[i] = bounds[chosen[i]].clone();
    }
    for (int column = 0; column < n; column++) {
      int pivot = column;
      for (int i = column + 1; i < n; i++) {
        pivot = Math.abs(rows[i][column]) > Math.abs(rows[pivot][column]) ? i : pivot;
      }
      double[] swapped = rows[pivot];
      rows[pivot] = rows[column];
      rows[column] = swapped;
      if (Math.abs(swapped[column]) < 1e-9) {
        return new double[0];
      }
      for (int i = 0; i < n; i++) {
        double factor = i == column ? 0 : rows[i][column] / swapped[column];
        for (int j = column; j <= n; j++) {
          rows[i][j] -= factor * swapped[j];
        }
      }
    }
    double[] corner = new double[n];
    for (int i = 0; i < n; i++) {
      corner[i] = rows[i][n] / rows[i][i];
    }
    return corner;
  }

  private static double surelyEarnedOfBayes(double a, double b, double aGivenB, double bGivenA) {
    return surelyEarned(
        new double[][] {
          {1 - a, 1 - b, 1 - aGivenB, 1 - bGivenA},
          {1 - a, -b, 0, -bGivenA},
          {-a, 1 - b, -aGivenB, 0},
          {-a, -b, 0, 0}
        });
  }

  @Property(tries = 300)
  void bayesIsWhatTheBestStakesEarn(
      @ForAll @DoubleRange(min = 0, max = 1) double a,
      @ForAll @DoubleRange(min = 0, max = 1) double b,
      @ForAll @DoubleRange(min = 0, max = 1) double aGivenB,
      @ForAll @DoubleRange(min = 0, max = 1) double bGivenA) {
    assertThat(Arbitrage.bayes(a, b, aGivenB, bGivenA))
        .isCloseTo(surelyEarnedOfBayes(a, b, aGivenB, bGivenA), within(1e-8));
  }

  /** Likely statements that hardly go together: where the four forecasts contradict most. */
  @Property(tries = 300)
  void shortagesAreWhatTheBestStakesEarn(
      @ForAll @DoubleRange(min = 0.7, max = 1) double a,
      @ForAll @DoubleRange(min = 0.7, max = 1) double b,
      @ForAll @DoubleRange(min = 0, max = 0.8) double aGivenB,
      @ForAll @DoubleRange(min = 0, max = 0.8) double bGivenA) {
    assertThat(Arbitrage.bayes(a, b, aGivenB, bGivenA))
        .isCloseTo(surelyEarnedOfBayes(a, b, aGivenB, bGivenA), within(1e-8));
  }

  @Property(tries = 100)
  void othersAreWhatTheBestStakesEarn(
      @ForAll @Size(min = 2, max = 4) List<@DoubleRange(min = 0, max = 1) Double> forecasts) {
    double[] p = forecasts.stream().mapToDouble(Double::doubleValue).toArray();
    double[] won = Arrays.stream(p).map(price -> 1 - price).toArray();
    double[] lost = Arrays.stream(p).map(price -> -price).toArray();
    assertThat(Arbitrage.paraphrase(p))
        .isCloseTo(surelyEarned(new double[][] {won, lost}), within(1e-8));
    assertThat(Arbitrage.negation(p[0], p[1]))
        .isCloseTo(
            surelyEarned(new double[][] {{1 - p[0], -p[1]}, {-p[0], 1 - p[1]}}), within(1e-8));
  }

  @Property
  void coherentForecastsEarnNothing(
      @ForAll @DoubleRange(min = 0.01, max = 1) double both,
      @ForAll @DoubleRange(min = 0.01, max = 1) double onlyA,
      @ForAll @DoubleRange(min = 0.01, max = 1) double onlyB,
      @ForAll @DoubleRange(min = 0.01, max = 1) double neither) {
    double sum = both + onlyA + onlyB + neither;
    double a = (both + onlyA) / sum;
    double b = (both + onlyB) / sum;
    double ab = both / sum;
    assertThat(Arbitrage.bayes(a, b, ab / b, ab / a)).isCloseTo(0, within(1e-12));
    assertThat(Arbitrage.negation(a, 1 - a)).isCloseTo(0, within(1e-12));
    assertThat(Arbitrage.paraphrase(a, a, a)).isEqualTo(0);
  }

  @Example
  void productsThatAgreeCanStillBeTooSmall() {
    assertThat(Violation.bayes(0.9, 0.9, 0.2, 0.2)).isZero();
    assertThat(Arbitrage.bayes(0.9, 0.9, 0.2, 0.2)).isCloseTo(0.62 * 0.4 / 0.36, within(1e-12));
    assertThat(Arbitrage.bayes(1, 1, 0, 0)).isEqualTo(1);
    assertThat(Arbitrage.paraphrase(0.2, 0.9, 0.5, 0.6)).isCloseTo(0.8, within(1e-12));
  }

  @Example
  void whatIsNoProbabilityIsRefused() {
    assertThatThrownBy(() -> Arbitrage.bayes(0.5, 0.5, 1.5, 0.5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("in [0, 1] but was 1.5");
    assertThatThrownBy(() -> Arbitrage.paraphrase(0.5)).hasMessageContaining("at least two");
    assertThatThrownBy(() -> Arbitrage.paraphrase(0.5, Double.NaN)).hasMessageContaining("NaN");
    assertThatThrownBy(() -> Arbitrage.negation(0.5, -1)).hasMessageContaining("-1.0");
  }
}
