package org.alignment4j.interp.direction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.interp.activation.ActivationSite;
import org.alignment4j.interp.activation.Rows;
import org.junit.jupiter.api.Test;

class DirectionTest {

  private static final CancellationToken NONE = CancellationToken.none();
  private static final ActivationSite SITE = ActivationSite.of(HookPoints.residPost(2));

  private record Pairs(Rows positive, Rows negative) {}

  /** Pairs that differ along one direction only, by a length of their own. */
  private static Pairs pairs(double[] along, int n, double noise, long seed) {
    Random random = new Random(seed);
    int d = along.length;
    double[][] positive = new double[n][d];
    double[][] negative = new double[n][d];
    for (int i = 0; i < n; i++) {
      double length = 0.5 + random.nextDouble();
      for (int j = 0; j < d; j++) {
        double base = random.nextGaussian();
        positive[i][j] = base + length * along[j] / 2 + noise * random.nextGaussian();
        negative[i][j] = base - length * along[j] / 2 + noise * random.nextGaussian();
      }
    }
    return new Pairs(Rows.of(positive), Rows.of(negative));
  }

  private static double cosine(double[] a, double[] b) {
    double product = 0;
    double left = 0;
    double right = 0;
    for (int i = 0; i < a.length; i++) {
      product += a[i] * b[i];
      left += a[i] * a[i];
      right += b[i] * b[i];
    }
    return product / Math.sqrt(left * right);
  }

  /** Power iteration on the second moment of differences: another algorithm. */
  private static double[] powerIteration(double[][] rows, int d) {
    double[] v = new double[d];
    for (int j = 0; j < d; j++) {
      v[j] = 1 + j;
    }
    for (int step = 0; step < 3000; step++) {
      double[] next = new double[d];
      for (double[] row : rows) {
        double dot = 0;
        for (int j = 0; j < d; j++) {
          dot += row[j] * v[j];
        }
        for (int j = 0; j < d; j++) {
          next[j] += dot * row[j];
        }
      }
      double norm = Math.sqrt(Arrays.stream(next).map(x -> x * x).sum());
      for (int j = 0; j < d; j++) {
        v[j] = next[j] / norm;
      }
    }
    return v;
  }

  @Test
  void everyEstimatorFindsTheDirectionOfNoiselessPairs() {
    double[] along = {3, 0, -4, 1};
    Pairs pairs = pairs(along, 50, 0, 1);
    MeanDifference difference = new MeanDifference(4);
    difference.update(pairs.positive, true);
    difference.update(pairs.negative, false);
    Direction mean = difference.direction(SITE, "m");
    Direction logistic =
        LogisticDirection.fit(pairs.positive, pairs.negative, 0.01, SITE, "m", NONE);
    assertThat(cosine(mean.vector(), along)).isCloseTo(1, within(1e-6));
    assertThat(cosine(logistic.vector(), along)).isCloseTo(1, within(1e-6));
    assertThat(mean.cosine(logistic)).isCloseTo(1, within(1e-6));
    assertThat(mean.norm()).isEqualTo(Direction.Norm.RAW);
    assertThat(logistic.norm()).isEqualTo(Direction.Norm.UNIT);
    assertThat(logistic.length()).isCloseTo(1, within(1e-12));
    for (DifferencePca pca : List.of(DifferencePca.uncentred(4), DifferencePca.ofDifferences(4))) {
      pca.update(pairs.positive, pairs.negative);
      assertThat(cosine(pca.vector(), along)).isCloseTo(1, within(1e-5));
    }
  }

  @Test
  void centringsAreTheDecompositionsOfTheirDefinitions() {
    Pairs pairs = pairs(new double[] {1, -2, 0.5}, 41, 0.4, 3);
    boolean[] order = new boolean[41];
    Random random = new Random(8);
    double[][] differences = new double[41][3];
    double[][] asGiven = new double[41][3];
    double[][] first = new double[41][];
    double[][] second = new double[41][];
    for (int i = 0; i < 41; i++) {
      order[i] = random.nextBoolean();
      first[i] = (order[i] ? pairs.positive : pairs.negative).row(i);
      second[i] = (order[i] ? pairs.negative : pairs.positive).row(i);
      for (int j = 0; j < 3; j++) {
        differences[i][j] = pairs.positive.get(i, j) - pairs.negative.get(i, j);
        asGiven[i][j] = first[i][j] - second[i][j];
      }
    }
    check(PcaCentring.NONE, differences, false, first, second, order);
    check(PcaCentring.DIFFERENCES, differences, true, first, second, order);
    check(PcaCentring.RECENTRED, asGiven, true, first, second, order);
  }

  private static void check(
      PcaCentring centring,
      double[][] rows,
      boolean centred,
      double[][] first,
      double[][] second,
      boolean[] order) {
    double[][] around = new double[rows.length][];
    double[] mean = new double[3];
    for (double[] row : rows) {
      for (int j = 0; j < 3; j++) {
        mean[j] += row[j] / rows.length;
      }
    }
    for (int i = 0; i < rows.length; i++) {
      around[i] = rows[i].clone();
      for (int j = 0; j < 3 && centred; j++) {
        around[i][j] -= mean[j];
      }
    }
    double[] expected = powerIteration(around, 3);
    DifferencePca pca = new DifferencePca(3, centring, SignRule.MEAN_PROJECTION);
    DifferencePca rest = new DifferencePca(3, centring, SignRule.MEAN_PROJECTION);
    for (int i = 0; i < first.length; i++) {
      (i < 17 ? pca : rest).update(Rows.of(first[i]), Rows.of(second[i]), new boolean[] {order[i]});
    }
    pca.merge(rest);
    assertThat(Math.abs(cosine(pca.vector(), expected))).isCloseTo(1, within(1e-6));
    assertThat(pca.direction(SITE, "m").length()).isCloseTo(1, within(1e-12));
  }

  @Test
  void fewPairsOfManyDimensionsGiveTheSameComponent() {
    Random random = new Random(5);
    double[][] positive = new double[4][9];
    double[][] negative = new double[4][9];
    double[][] differences = new double[4][9];
    for (int i = 0; i < 4; i++) {
      for (int j = 0; j < 9; j++) {
        positive[i][j] = (float) (random.nextGaussian() + (j == 3 ? 4 : 0));
        negative[i][j] = (float) random.nextGaussian();
        differences[i][j] = positive[i][j] - negative[i][j];
      }
    }
    DifferencePca pca = DifferencePca.uncentred(9);
    pca.update(Rows.of(positive), Rows.of(negative));
    assertThat(Math.abs(cosine(pca.vector(), powerIteration(differences, 9))))
        .isCloseTo(1, within(1e-9));
    assertThat(pca.vector()[3]).isPositive();
  }

  /** Two pairs barely up, one far down: majority and mean disagree. */
  @Test
  void signRulesDifferWhereTheyShould() {
    Rows positive = Rows.of(new double[] {1, 0}, new double[] {1, 0}, new double[] {-9, 0});
    Rows negative = Rows.of(new double[] {0, 0}, new double[] {0, 0}, new double[] {0, 0});
    DifferencePca mean = new DifferencePca(2, PcaCentring.NONE, SignRule.MEAN_PROJECTION);
    DifferencePca most = new DifferencePca(2, PcaCentring.NONE, SignRule.MAJORITY_OF_PAIRS);
    for (DifferencePca each : List.of(mean, most)) {
      each.update(positive, negative);
    }
    assertThat(mean.vector()[0]).isCloseTo(-1, within(1e-12));
    assertThat(most.vector()[0]).isCloseTo(1, within(1e-12));
  }

  /**
   * The sign of representation-engineering by its own rule: shares of pairs whose positive member
   * is the highest, and the lowest, equal members being both; positive at a tie.
   */
  @Test
  void theMajorityOfPairsIsTheSignByTrainingAccuracy() {
    int turned = 0;
    for (int seed = 0; seed < 40; seed++) {
      Random random = new Random(seed);
      double[][] positive = new double[7][1];
      double[][] negative = new double[7][1];
      double highest = 0;
      double lowest = 0;
      for (int i = 0; i < 7; i++) {
        positive[i][0] = random.nextInt(4);
        negative[i][0] = random.nextInt(4);
        highest += positive[i][0] >= negative[i][0] ? 1.0 / 7 : 0;
        lowest += positive[i][0] <= negative[i][0] ? 1.0 / 7 : 0;
      }
      DifferencePca pca = DifferencePca.recentred(1);
      pca.update(Rows.of(positive), Rows.of(negative));
      if (Math.abs(highest - lowest) > 0.1) {
        assertThat(pca.vector()[0]).as("seed %s", seed).isEqualTo(Math.signum(highest - lowest));
        turned += highest < lowest ? 1 : 0;
      }
    }
    assertThat(turned).isBetween(5, 35);
  }

  @Test
  void swappedClassesTurnTheDirection() {
    Pairs pairs = pairs(new double[] {2, 1, -1}, 30, 0.2, 6);
    MeanDifference one = new MeanDifference(3);
    one.update(pairs.positive, true);
    one.update(pairs.negative, false);
    MeanDifference other = new MeanDifference(3);
    other.update(pairs.positive, false);
    other.update(pairs.negative, true);
    Direction direction = one.direction(SITE, "m");
    assertThat(direction.cosine(other.direction(SITE, "m"))).isCloseTo(-1, within(1e-12));
    assertThat(direction.negated().cosine(direction)).isCloseTo(-1, within(1e-12));
    assertThat(
            LogisticDirection.fit(pairs.positive, pairs.negative, 0.1, SITE, "m", NONE)
                .cosine(
                    LogisticDirection.fit(pairs.negative, pairs.positive, 0.1, SITE, "m", NONE)))
        .isCloseTo(-1, within(1e-9));
    for (PcaCentring centring : PcaCentring.values()) {
      for (SignRule sign : SignRule.values()) {
        DifferencePca pca = new DifferencePca(3, centring, sign);
        pca.update(pairs.positive, pairs.negative);
        DifferencePca swapped = new DifferencePca(3, centring, sign);
        swapped.update(pairs.negative, pairs.positive);
        assertThat(cosine(pca.vector(), swapped.vector())).isCloseTo(-1, within(1e-9));
      }
    }
  }

  @Test
  void lengthsAcrossBehavioursAreTheirMean() {
    Direction one = Direction.raw(new double[] {3, 4}, SITE, "m", "a");
    Direction two = Direction.raw(new double[] {0, 15}, SITE, "m", "b");
    List<Direction> together = Direction.ofOneLength(List.of(one, two));
    assertThat(together).allSatisfy(d -> assertThat(d.length()).isCloseTo(10, within(1e-12)));
    assertThat(together.get(0).cosine(one)).isCloseTo(1, within(1e-12));
    assertThatThrownBy(() -> Direction.ofOneLength(List.of(one.unit())))
        .hasMessageContaining("'a' is of unit length");
    assertThat(one.unit().length()).isCloseTo(1, within(1e-15));
    assertThat(one.layer()).isEqualTo(2);
    assertThat(one.toString()).contains("a at blocks.2.hook_resid_post, RAW, length 5.0");
  }

  @Test
  void badInputIsRefused() {
    assertThatThrownBy(() -> Direction.raw(new double[] {0, 1e-13}, SITE, "m", "mean"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("blocks.2.hook_resid_post has 1.0E-13")
        .hasMessageContaining("do not differ");
    assertThatThrownBy(() -> Direction.raw(new double[] {Double.NaN}, SITE, "m", "mean"))
        .hasMessageContaining("NaN");
    assertThatThrownBy(() -> Direction.raw(new double[] {1}, SITE, " ", "mean"))
        .hasMessageContaining("must not be blank");
    assertThatThrownBy(() -> new MeanDifference(2).vector())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("0 and 0");
    assertThatThrownBy(() -> new CovarianceEstimator(2).covariance())
        .hasMessageContaining("at least 2 rows but 0");
    assertThatThrownBy(() -> new MeanEstimator(2).update(new double[3]))
        .hasMessageContaining("width 2 but have 3");
    assertThatThrownBy(() -> DifferencePca.uncentred(2).vector())
        .hasMessageContaining("none was seen");
    DifferencePca same = DifferencePca.ofDifferences(2);
    same.update(
        Rows.of(new double[] {1, 2}, new double[] {3, 5}),
        Rows.of(new double[] {0, 1}, new double[] {2, 4}));
    assertThatThrownBy(same::vector).hasMessageContaining("must vary around their centre");
    assertThatThrownBy(() -> same.merge(DifferencePca.uncentred(2)))
        .hasMessageContaining("must be alike");
    Rows x = Rows.of(new double[] {1, 2});
    assertThatThrownBy(() -> LogisticDirection.fit(x, x, 0, SITE, "m", NONE))
        .hasMessageContaining("was 0.0");
    assertThatThrownBy(() -> LogisticDirection.fit(x, x, 1, SITE, "m", NONE))
        .hasMessageContaining("do not differ");
  }
}
