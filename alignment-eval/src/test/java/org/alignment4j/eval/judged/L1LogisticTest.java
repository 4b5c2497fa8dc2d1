package org.alignment4j.eval.judged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.alignment4j.eval.judged.L1Logistic.Rows;
import org.junit.jupiter.api.Test;

class L1LogisticTest {

  private static Rows rows(long seed, int n, int features) {
    SplittableRandom random = new SplittableRandom(seed);
    double[][] x = new double[n][features];
    double[] target = new double[n];
    double[] weight = new double[n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < features; j++) {
        x[i][j] = random.nextDouble(-2, 2);
      }
      target[i] = random.nextInt(3) == 0 ? random.nextInt(2) : random.nextDouble();
      weight[i] = random.nextDouble(0.05, 2);
    }
    return new Rows(x, target, weight);
  }

  /** The sum as its definition has it, each row once for either label. */
  private static double naive(Rows rows, double c, double... w) {
    double sum = 0;
    for (int i = 0; i < rows.size(); i++) {
      double z = 0;
      for (int j = 0; j < w.length; j++) {
        z += rows.x()[i][j] * w[j];
      }
      sum += c * rows.weight()[i] * rows.target()[i] * Math.log(1 + Math.exp(-z));
      sum += c * rows.weight()[i] * (1 - rows.target()[i]) * Math.log(1 + Math.exp(z));
    }
    for (double v : w) {
      sum += Math.abs(v);
    }
    return sum;
  }

  @Property(tries = 2000)
  void theConditionsOfTheMinimumHold(
      @ForAll long seed, @ForAll @DoubleRange(min = -4, max = 4) double logC) {
    Rows rows = rows(seed, 60, 3);
    double c = Math.pow(10, logC);
    double[] w = L1Logistic.fit(rows, c, new double[3]);
    // Independent gradient by central differences of the loss alone.
    for (int j = 0; j < w.length; j++) {
      double h = 1e-5;
      double[] up = w.clone();
      double[] down = w.clone();
      up[j] += h;
      down[j] -= h;
      double slope =
          (naive(rows, c, up) - Math.abs(up[j]) - naive(rows, c, down) + Math.abs(down[j]))
              / (2 * h);
      double slack = 1e-4 * Math.max(1, c);
      if (w[j] == 0) {
        assertThat(Math.abs(slope)).isLessThanOrEqualTo(1 + slack);
      } else {
        assertThat(slope).isCloseTo(-Math.signum(w[j]), within(slack));
      }
    }
    assertThat(L1Logistic.violation(w, L1Logistic.gradient(rows, c, w)))
        .isLessThanOrEqualTo(1e-8 * (1 + 60 * c));
  }

  @Test
  void noPointOfAGridIsBelow() {
    Rows rows = rows(4, 30, 2);
    for (double c : new double[] {0.01, 0.1, 1, 30}) {
      double[] w = L1Logistic.fit(rows, c, new double[2]);
      double least = naive(rows, c, w);
      assertThat(L1Logistic.objective(rows, c, w)).isCloseTo(least, within(1e-9 * least));
      for (double a = -3; a <= 3; a += 0.05) {
        for (double b = -3; b <= 3; b += 0.05) {
          assertThat(naive(rows, c, a, b)).isGreaterThanOrEqualTo(least - 1e-9);
        }
      }
    }
  }

  @Test
  void aStrongPenaltyLeavesNothing() {
    assertThat(L1Logistic.fit(rows(1, 40, 3), 1e-6, new double[3])).containsOnly(0);
  }

  @Property(tries = 50)
  void theStartDoesNotMatter(@ForAll long seed) {
    Rows rows = rows(seed, 40, 3);
    double[] cold = L1Logistic.fit(rows, 2, new double[3]);
    double[] warm = L1Logistic.fit(rows, 2, new double[] {3, -4, 0.5});
    for (int j = 0; j < 3; j++) {
      assertThat(warm[j]).isCloseTo(cold[j], within(1e-7));
    }
  }

  @Test
  void separableAndRepeatedColumnsStayFinite() {
    double[][] x = new double[20][];
    double[] target = new double[20];
    double[] weight = new double[20];
    for (int i = 0; i < 20; i++) {
      double v = i < 10 ? -1 : 1;
      x[i] = new double[] {v, v, 0};
      target[i] = i < 10 ? 0 : 1;
      weight[i] = 1;
    }
    double[] w = L1Logistic.fit(new Rows(x, target, weight), 1e4, new double[3]);
    assertThat(w[2]).isZero();
    assertThat(w[0] + w[1]).isBetween(5.0, 20.0);
  }
}
