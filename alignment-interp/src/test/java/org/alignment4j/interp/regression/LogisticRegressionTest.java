package org.alignment4j.interp.regression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CancelledException;
import org.alignment4j.interp.activation.Rows;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.LUDecomposition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogisticRegressionTest {

  private static final CancellationToken NONE = CancellationToken.none();

  private record Data(Rows x, boolean[] y) {}

  private static Data noisy(int n, int d, long seed) {
    Random random = new Random(seed);
    double[][] rows = new double[n][d];
    boolean[] labels = new boolean[n];
    for (int i = 0; i < n; i++) {
      double score = 0.3;
      for (int j = 0; j < d; j++) {
        rows[i][j] = random.nextGaussian() * (1 + j);
        score += rows[i][j] * (j % 2 == 0 ? 0.7 : -0.4) / (1 + j);
      }
      labels[i] = random.nextDouble() < 1 / (1 + Math.exp(-score));
    }
    return new Data(Rows.of(rows), labels);
  }

  /** Newton's method with the exact Hessian: another algorithm for the same optimum. */
  private static double[] newton(Data data, double l2) {
    int d = data.x.width();
    int n = data.x.count();
    double[] w = new double[d + 1];
    for (int step = 0; step < 100; step++) {
      double[][] hessian = new double[d + 1][d + 1];
      double[] gradient = new double[d + 1];
      for (int i = 0; i < n; i++) {
        double[] row = new double[d + 1];
        System.arraycopy(data.x.row(i), 0, row, 0, d);
        row[d] = 1;
        double score = 0;
        for (int j = 0; j <= d; j++) {
          score += w[j] * row[j];
        }
        double p = 1 / (1 + Math.exp(-score));
        for (int j = 0; j <= d; j++) {
          gradient[j] += (p - (data.y[i] ? 1 : 0)) * row[j] / n;
          for (int k = 0; k <= d; k++) {
            hessian[j][k] += p * (1 - p) * row[j] * row[k] / n;
          }
        }
      }
      for (int j = 0; j < d; j++) {
        gradient[j] += l2 * w[j];
        hessian[j][j] += l2;
      }
      var move =
          new LUDecomposition(new Array2DRowRealMatrix(hessian))
              .getSolver()
              .solve(new ArrayRealVector(gradient));
      for (int j = 0; j <= d; j++) {
        w[j] -= move.getEntry(j);
      }
    }
    return w;
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1e-3, 0.1, 10})
  void theOptimumIsThatOfNewtonsMethod(double l2) {
    Data data = noisy(300, 6, 5);
    var fit = LogisticRegression.of(l2).fit(data.x, data.y, NONE);
    double[] expected = newton(data, l2);
    assertThat(fit.converged()).isTrue();
    for (int j = 0; j < 6; j++) {
      assertThat(fit.weights()[j]).isCloseTo(expected[j], within(1e-6));
    }
    assertThat(fit.bias()).isCloseTo(expected[6], within(1e-6));
  }

  @Test
  void aStartFarAwayEndsAtTheSamePlace() {
    Data data = noisy(100, 4, 9);
    LogisticLoss loss = new LogisticLoss(data.x, data.y, 0.01, true);
    double[] near = Lbfgs.defaults().minimise(loss, new double[5], NONE).point();
    double[] far =
        Lbfgs.defaults().minimise(loss, new double[] {30, -50, 20, 90, -70}, NONE).point();
    for (int j = 0; j < 5; j++) {
      assertThat(far[j]).isCloseTo(near[j], within(1e-6));
    }
  }

  @Test
  void theGradientIsThatOfFiniteDifferences() {
    Data data = noisy(40, 3, 2);
    LogisticLoss loss = new LogisticLoss(data.x, data.y, 0.3, true);
    double[] at = {0.4, -1.2, 0.1, 0.7};
    double[] gradient = new double[4];
    loss.valueAndGradient(at, gradient);
    for (int j = 0; j < 4; j++) {
      double[] up = at.clone();
      double[] down = at.clone();
      up[j] += 1e-5;
      down[j] -= 1e-5;
      double slope =
          (loss.valueAndGradient(up, new double[4]) - loss.valueAndGradient(down, new double[4]))
              / 2e-5;
      assertThat(gradient[j]).isCloseTo(slope, within(1e-8));
    }
  }

  /** Near the optimum values differ by less than their rounding, and only slopes tell the way. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void theLastDigitsCostFewSteps(long seed) {
    Data data = noisy(120, 4, seed);
    int[] calls = new int[1];
    LogisticLoss loss = new LogisticLoss(data.x, data.y, 0.1, true);
    Lbfgs.Minimum minimum =
        new Lbfgs(1000, 1e-11)
            .minimise(
                (point, gradient) -> {
                  calls[0]++;
                  return loss.valueAndGradient(point, gradient);
                },
                new double[5],
                NONE);
    assertThat(minimum.converged()).isTrue();
    assertThat(minimum.iterations()).isLessThan(60);
    assertThat(calls[0]).isLessThan(150);
  }

  @Test
  void farScoresDoNotOverflow() {
    Rows x = Rows.of(new double[] {1e4}, new double[] {-1e4}, new double[] {1});
    LogisticLoss loss = new LogisticLoss(x, new boolean[] {false, true, true}, 0, false);
    double[] gradient = new double[1];
    double value = loss.valueAndGradient(new double[] {1}, gradient);
    assertThat(value).isCloseTo((2e4 + Math.log1p(Math.exp(-1))) / 3, within(1e-9));
    assertThat(gradient[0]).isFinite();
  }

  @Test
  void theSolverFindsTheValleyOfRosenbrock() {
    DifferentiableFunction rosenbrock =
        (p, g) -> {
          double a = 1 - p[0];
          double b = p[1] - p[0] * p[0];
          g[0] = -2 * a - 400 * p[0] * b;
          g[1] = 200 * b;
          return a * a + 100 * b * b;
        };
    Lbfgs.Minimum minimum = Lbfgs.defaults().minimise(rosenbrock, new double[] {-1.2, 1}, NONE);
    assertThat(minimum.converged()).isTrue();
    assertThat(minimum.point()[0]).isCloseTo(1, within(1e-7));
    assertThat(minimum.point()[1]).isCloseTo(1, within(1e-7));
    assertThat(minimum.iterations()).isLessThan(100);
  }

  @Test
  void separableClassesNeedAPenalty() {
    Rows x = Rows.of(new double[] {1}, new double[] {2}, new double[] {-1});
    boolean[] y = {true, true, false};
    assertThatThrownBy(() -> LogisticRegression.of(0).fit(x, y, NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("l2 must be positive where a plane separates")
        .hasMessageContaining("3 separable rows");
    assertThat(LogisticRegression.of(0.1).fit(x, y, NONE).weights()[0]).isPositive();
  }

  @Test
  void badInputIsRefused() {
    Rows x = Rows.of(new double[] {1}, new double[] {2});
    assertThatThrownBy(() -> LogisticRegression.of(1).fit(x, new boolean[] {true, true}, NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2 of 2 are positive");
    assertThatThrownBy(() -> LogisticRegression.of(1).fit(x, new boolean[] {true}, NONE))
        .hasMessageContaining("2 rows and 1 labels");
    assertThatThrownBy(() -> LogisticRegression.of(-1)).hasMessageContaining("was -1.0");
    assertThatThrownBy(() -> new Lbfgs(0, 1)).hasMessageContaining("0 and 1.0");
    assertThatThrownBy(
            () -> LogisticRegression.of(1).fit(x, new boolean[] {true, false}, () -> true))
        .isInstanceOf(CancelledException.class);
    assertThatThrownBy(() -> Lbfgs.defaults().minimise((p, g) -> Double.NaN, new double[1], NONE))
        .hasMessageContaining("finite at the start");
  }
}
