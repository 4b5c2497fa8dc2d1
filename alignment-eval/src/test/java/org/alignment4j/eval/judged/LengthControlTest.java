package org.alignment4j.eval.judged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.statistics.Bootstrap;
import org.junit.jupiter.api.Test;

class LengthControlTest {
  private static final double LENGTH = -1.6;

  /** Judged items of a model with a merit and a habit, by a judge that likes length. */
  private static List<LengthControl.Item> items(int n, double merit, double longer, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Double> differences = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      differences.add(-longer + 300 * gaussian(random));
    }
    double mean = differences.stream().mapToDouble(d -> d).average().orElseThrow();
    double sd =
        Math.sqrt(differences.stream().mapToDouble(d -> (d - mean) * (d - mean)).sum() / (n - 1));
    List<LengthControl.Item> items = new ArrayList<>();
    for (double difference : differences) {
      double difficulty = gaussian(random);
      double z = merit + LENGTH * Math.tanh(difference / sd) + 0.5 * difficulty;
      items.add(new LengthControl.Item(1 / (1 + Math.exp(-z)), difference, difficulty));
    }
    return items;
  }

  private static List<GamedBaselines.Item> gamed(int n, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<GamedBaselines.Item> items = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      for (int side : new int[] {-1, 1}) {
        double difference = side * (1 + 0.5 * gaussian(random));
        double difficulty = gaussian(random);
        double z = LENGTH * Math.tanh(difference) + 0.5 * difficulty;
        items.add(new GamedBaselines.Item(1 / (1 + Math.exp(-z)), difference, difficulty));
      }
    }
    return items;
  }

  private static double gaussian(SplittableRandom random) {
    return Math.sqrt(-2 * Math.log(1 - random.nextDouble()))
        * Math.cos(2 * Math.PI * random.nextDouble());
  }

  private static double mean(List<LengthControl.Item> items) {
    return 100 * items.stream().mapToDouble(LengthControl.Item::preference).average().orElseThrow();
  }

  @Test
  void whatLengthWonIsTakenAway() {
    List<LengthControl.Item> verbose = items(400, 0, 400, 1);
    assertThat(mean(verbose)).isGreaterThan(65);
    LengthControl.Fit fit = LengthControl.fit(verbose, gamed(400, 2));
    assertThat(fit.winRate()).isCloseTo(50, within(1.5));
    assertThat(fit.length()).isCloseTo(LENGTH, within(0.15));
    assertThat(fit.difficulty()).isCloseTo(0.5, within(0.1));

    List<LengthControl.Item> terse = items(400, 0.8, -400, 3);
    assertThat(mean(terse)).isLessThan(50);
    assertThat(LengthControl.fit(terse, gamed(400, 4)).winRate()).isGreaterThan(63);
  }

  @Test
  void aModelAsGoodAndAsLongStaysAtFifty() {
    List<LengthControl.Item> even = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      even.add(new LengthControl.Item(0.5, 0, 0));
    }
    assertThat(LengthControl.fit(even, List.of()).winRate()).isEqualTo(50);
    assertThat(LengthControl.fit(even, gamed(50, 5)).winRate()).isCloseTo(50, within(0.5));
  }

  @Test
  void theIntervalCoversTheRateAndDependsOnTheSeedAlone() {
    List<LengthControl.Item> items = items(120, 0.3, 200, 7);
    Bootstrap bootstrap = new Bootstrap(300, 11, 0.95);
    Estimate one = LengthControl.winRate(items, gamed(120, 8), bootstrap).estimate();
    assertThat(one).isEqualTo(LengthControl.winRate(items, gamed(120, 8), bootstrap).estimate());
    assertThat(one.value()).isEqualTo(LengthControl.fit(items, gamed(120, 8)).winRate());
    assertThat(one.ciLow()).isLessThan(one.value());
    assertThat(one.ciHigh()).isGreaterThan(one.value()).isLessThan(one.value() + 15);
  }

  @Test
  void theBandOfUsualChanges() {
    assertThat(LengthControl.unusual(20, 9.9)).isTrue();
    assertThat(LengthControl.unusual(20, 10.1)).isFalse();
    assertThat(LengthControl.unusual(20, 40.1)).isTrue();
    assertThat(LengthControl.unusual(20, 39.9)).isFalse();
    assertThat(LengthControl.unusual(50, 37.4)).isTrue();
    assertThat(LengthControl.unusual(50, 62.6)).isTrue();
    assertThat(LengthControl.unusual(50, 60)).isFalse();
    // Published figures: two verbose and concise prompts of the baseline, and the null model.
    assertThat(LengthControl.unusual(64.30, 51.58)).isFalse();
    assertThat(LengthControl.unusual(22.92, 41.90)).isFalse();
    assertThat(LengthControl.unusual(76.92, 86.46)).isFalse();
  }

  @Test
  void whatCannotBeFittedIsRefused() {
    assertThatThrownBy(() -> LengthControl.fit(items(4, 0, 0, 1), List.of()))
        .hasMessage("length control needs at least 5 items but got 4");
    assertThatThrownBy(() -> new LengthControl.Item(1.2, 0, 0))
        .hasMessage("preference must be in [0, 1] but was 1.2");
    assertThatThrownBy(() -> new LengthControl.Item(1, Double.NaN, 0))
        .hasMessageContaining("must be finite");
  }

  /**
   * scikit-learn 1.9.1, {@code LogisticRegressionCV(penalty="l1", solver="liblinear",
   * fit_intercept=False, tol=1e-10)} on the rows given twice with weights, folds by row modulo 5,
   * scored by the weighted log loss: C, coefficients and win rate.
   */
  @Test
  void liblinearFitsTheSame() {
    List<GamedBaselines.Item> gamed = new ArrayList<>();
    for (int j = 0; j < 40; j++) {
      double difference = (j % 2 == 0 ? -1 : 1) * (1 + 0.5 * Math.sin(j));
      double difficulty = Math.cos(2.3 * (j / 2));
      double z = LENGTH / 1.6 * 1.4 * Math.tanh(difference) + 0.3 * difficulty;
      gamed.add(new GamedBaselines.Item(1 / (1 + Math.exp(-z)), difference, difficulty));
    }
    List<LengthControl.Item> items = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      double difference = rounded(250 * Math.sin(1.7 * i) - 80 + 3 * (i % 7));
      double difficulty = rounded(Math.cos(2.3 * i));
      double z =
          0.35 - 1.1 * Math.tanh(difference / 200) + 0.3 * difficulty + 0.8 * Math.sin(5 * i);
      items.add(new LengthControl.Item(1 / (1 + Math.exp(-z)), difference, difficulty));
    }
    assertThat(mean(items)).isCloseTo(61.97804601426207, within(1e-6));
    LengthControl.Fit fit = LengthControl.fit(items, gamed);
    assertThat(fit.c()).isCloseTo(21.5443469, within(1e-6));
    assertThat(fit.length()).isCloseTo(-0.97419201, within(1e-6));
    assertThat(fit.difficulty()).isCloseTo(0.29755339, within(1e-6));
    assertThat(fit.model()).isCloseTo(0.33072398, within(1e-6));
    assertThat(fit.winRate()).isCloseTo(58.10150826093826, within(1e-4));
  }

  private static double rounded(double value) {
    return Math.rint(value * 1e6) / 1e6;
  }

  /** The chosen C has the least loss over the folds, each fit by an independent search. */
  @Test
  void theStrengthIsChosenByCrossValidation() {
    List<LengthControl.Item> items = items(60, 0.4, 100, 9);
    LengthControl.Fit fit = LengthControl.fit(items, List.of());
    double mean =
        items.stream().mapToDouble(LengthControl.Item::lengthDifference).average().orElseThrow();
    double sd =
        Math.sqrt(
            items.stream().mapToDouble(i -> Math.pow(i.lengthDifference() - mean, 2)).sum() / 59);
    double best = Double.POSITIVE_INFINITY;
    double chosen = Double.NaN;
    for (int v = 0; v < 10; v++) {
      double c = Math.pow(10, -4 + 8 * v / 9.0);
      double loss = 0;
      for (int fold = 0; fold < 5; fold++) {
        double[] w = subgradientDescent(items, sd, c, fold);
        double sum = 0;
        for (int i = fold; i < 60; i += 5) {
          double p = probability(items.get(i), sd, w);
          double t = items.get(i).preference();
          sum -= t * Math.log(p) + (1 - t) * Math.log(1 - p);
        }
        loss += sum / 12 / 5;
      }
      if (loss < best - 1e-9) {
        best = loss;
        chosen = c;
      }
    }
    assertThat(fit.c()).isCloseTo(chosen, within(1e-9 * chosen));
  }

  private static double probability(LengthControl.Item item, double sd, double[] w) {
    double z = w[0] * Math.tanh(item.lengthDifference() / sd) + w[1] * item.difficulty() + w[2];
    return 1 / (1 + Math.exp(-z));
  }

  /** Coordinate search with shrinking steps: slow, and nothing like the solver. */
  private static double[] subgradientDescent(
      List<LengthControl.Item> items, double sd, double c, int fold) {
    double[] w = new double[3];
    double value = value(items, sd, c, fold, w);
    for (double step = 1; step > 1e-7; step /= 2) {
      boolean moved = true;
      while (moved) {
        moved = false;
        for (int j = 0; j < 3; j++) {
          for (double by : new double[] {step, -step, -w[j]}) {
            double[] next = w.clone();
            next[j] += by;
            double nextValue = value(items, sd, c, fold, next);
            if (nextValue < value - 1e-13) {
              w = next;
              value = nextValue;
              moved = true;
            }
          }
        }
      }
    }
    return w;
  }

  private static double value(
      List<LengthControl.Item> items, double sd, double c, int fold, double[] w) {
    double sum = Math.abs(w[0]) + Math.abs(w[1]) + Math.abs(w[2]);
    for (int i = 0; i < items.size(); i++) {
      if (i % 5 != fold) {
        double p = probability(items.get(i), sd, w);
        double t = items.get(i).preference();
        sum -= c * (t * Math.log(p) + (1 - t) * Math.log(1 - p));
      }
    }
    return sum;
  }
}
