package org.alignment4j.interp.erase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.interp.activation.Rows;
import org.alignment4j.interp.regression.LogisticRegression;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.SingularValueDecomposition;
import org.junit.jupiter.api.Test;

class LeaceTest {

  private static final int D = 6;
  private static final int CLASSES = 3;
  private static final LeaceOptions PLAIN =
      LeaceOptions.defaults()
          .withoutShrinkage()
          .withoutTraceConstraint()
          .singularValueTolerance(1e-9);

  private record Data(Rows x, int[] z) {}

  /** Correlated rows, the classes apart along two directions. */
  private static Data data(int n, long seed) {
    Random random = new Random(seed);
    double[][] mix = new double[D][D];
    for (double[] row : mix) {
      for (int j = 0; j < D; j++) {
        row[j] = random.nextGaussian();
      }
    }
    double[][] x = new double[n][D];
    int[] z = new int[n];
    for (int i = 0; i < n; i++) {
      z[i] = random.nextInt(CLASSES);
      double[] raw = new double[D];
      for (int j = 0; j < D; j++) {
        raw[j] = random.nextGaussian();
      }
      for (int j = 0; j < D; j++) {
        x[i][j] = 5 + (z[i] == 1 ? 2 * j : 0) - (z[i] == 2 ? 3 - j % 2 : 0);
        for (int k = 0; k < D; k++) {
          x[i][j] += mix[j][k] * raw[k];
        }
      }
    }
    return new Data(Rows.of(x), z);
  }

  private static LeaceFitter fitted(Data data) {
    LeaceFitter fitter = new LeaceFitter(D, CLASSES);
    fitter.update(data.x, data.z);
    return fitter;
  }

  private static double[] mean(Rows x) {
    double[] mean = new double[x.width()];
    for (int i = 0; i < x.count(); i++) {
      for (int j = 0; j < mean.length; j++) {
        mean[j] += (double) x.get(i, j) / x.count();
      }
    }
    return mean;
  }

  private static double[][] covariance(Rows x) {
    double[] mean = mean(x);
    double[][] out = new double[x.width()][x.width()];
    for (int i = 0; i < x.count(); i++) {
      for (int j = 0; j < mean.length; j++) {
        for (int k = 0; k < mean.length; k++) {
          out[j][k] += (x.get(i, j) - mean[j]) * (x.get(i, k) - mean[k]) / (x.count() - 1);
        }
      }
    }
    return out;
  }

  /** Largest magnitude of a covariance of a coordinate with a one-hot label. */
  private static double leaked(Rows x, int[] z) {
    double[] mean = mean(x);
    double most = 0;
    for (int c = 0; c < CLASSES; c++) {
      int cls = c;
      double share = Arrays.stream(z).filter(k -> k == cls).count() / (double) z.length;
      for (int j = 0; j < mean.length; j++) {
        double sum = 0;
        for (int i = 0; i < z.length; i++) {
          sum += (x.get(i, j) - mean[j]) * ((z[i] == c ? 1 : 0) - share);
        }
        most = Math.max(most, Math.abs(sum / (z.length - 1)));
      }
    }
    return most;
  }

  private static double distance(Rows a, Rows b, double[] scale) {
    double sum = 0;
    for (int i = 0; i < a.count(); i++) {
      for (int j = 0; j < a.width(); j++) {
        double difference = a.get(i, j) - b.get(i, j);
        sum += scale[j] * difference * difference;
      }
    }
    return sum / a.count();
  }

  private static RealMatrix removed(AffineEraser eraser) {
    return new Array2DRowRealMatrix(eraser.left())
        .multiply(new Array2DRowRealMatrix(eraser.right()));
  }

  @Test
  void nothingOfTheConceptCovariesAfterwards() {
    Data data = data(500, 1);
    assertThat(leaked(data.x, data.z)).isGreaterThan(0.3);
    for (LeaceOptions options :
        new LeaceOptions[] {
          PLAIN,
          LeaceOptions.defaults().singularValueTolerance(1e-9),
          LeaceOptions.defaults().linear().singularValueTolerance(1e-9),
          LeaceOptions.orthogonal().singularValueTolerance(1e-9)
        }) {
      AffineEraser eraser = fitted(data).eraser(options);
      assertThat(leaked(eraser.erase(data.x), data.z)).as(options.toString()).isLessThan(1e-5);
      assertThat(eraser.rank()).isEqualTo(CLASSES - 1);
    }
  }

  @Test
  void theMapIsAProjectionOfFewDimensionsThatKeepsTheMean() {
    Data data = data(300, 2);
    AffineEraser eraser = fitted(data).eraser(PLAIN);
    RealMatrix removed = removed(eraser);
    assertThat(removed.multiply(removed).subtract(removed).getNorm1()).isLessThan(1e-9);
    assertThat(new SingularValueDecomposition(removed).getRank()).isEqualTo(CLASSES - 1);
    Rows erased = eraser.erase(data.x);
    double[] before = mean(data.x);
    double[] after = mean(erased);
    double[] ofClass = new double[D];
    int size = 0;
    for (int i = 0; i < data.z.length; i++) {
      if (data.z[i] == 1) {
        size++;
        for (int j = 0; j < D; j++) {
          ofClass[j] += erased.get(i, j);
        }
      }
    }
    for (int j = 0; j < D; j++) {
      assertThat(after[j]).isCloseTo(before[j], within(1e-5));
      assertThat(ofClass[j] / size).isCloseTo(before[j], within(1e-4));
    }
    Rows twice = eraser.erase(erased);
    assertThat(distance(twice, erased, ones())).isLessThan(1e-9);
  }

  private static double[] ones() {
    double[] ones = new double[D];
    Arrays.fill(ones, 1);
    return ones;
  }

  /** Without a mean the map is linear, {@code (I − LR)x}; the affine one removes about the mean. */
  @Test
  void theLinearMapHasNoOffset() {
    Data data = data(300, 2);
    AffineEraser affine = fitted(data).eraser(PLAIN);
    AffineEraser linear = fitted(data).eraser(PLAIN.linear());
    assertThat(removed(linear)).isEqualTo(removed(affine));
    assertThat(affine.mean()).containsExactly(mean(data.x), within(1e-9));
    assertThat(linear.mean()).containsOnly(0);
    assertThat(linear.erase(new double[D])).containsOnly(0);
    double[] row = data.x.row(7);
    double[] expected = row.clone();
    double[] gone = removed(linear).operate(row);
    for (int j = 0; j < D; j++) {
      expected[j] -= gone[j];
    }
    assertThat(linear.erase(row)).containsExactly(expected, within(1e-9));
    assertThat(distance(Rows.of(linear.erase(row)), Rows.of(affine.erase(row)), ones()))
        .isGreaterThan(0.1);
  }

  @Test
  void noGuardingMapChangesLessInAnyInnerProductThanThis() {
    Data data = data(400, 3);
    Rows erased = fitted(data).eraser(PLAIN).erase(data.x);
    Rows orthogonal =
        fitted(data).eraser(LeaceOptions.orthogonal().singularValueTolerance(1e-9)).erase(data.x);
    double[] skewed = {1, 20, 0.1, 3, 0.5, 7};
    assertThat(distance(erased, data.x, ones())).isLessThan(distance(orthogonal, data.x, ones()));
    assertThat(distance(erased, data.x, skewed)).isLessThan(distance(orthogonal, data.x, skewed));
    double[][] z = Labels.oneHot(data.z, CLASSES);
    Rows oracle = OracleEraser.fit(data.x, z).erase(data.x, z);
    assertThat(leaked(oracle, data.z)).isLessThan(1e-5);
    assertThat(distance(oracle, data.x, ones())).isLessThan(distance(erased, data.x, ones()));
    assertThat(distance(oracle, data.x, skewed)).isLessThan(distance(erased, data.x, skewed));
    AffineEraser plain = fitted(data).eraser(PLAIN);
    Random random = new Random(4);
    for (int trial = 0; trial < 20; trial++) {
      Rows other = otherGuard(data, plain, random);
      assertThat(leaked(other, data.z)).isLessThan(1e-4);
      assertThat(distance(other, data.x, ones()))
          .isGreaterThan(distance(erased, data.x, ones()) - 1e-6);
      assertThat(distance(other, data.x, skewed))
          .isGreaterThan(distance(erased, data.x, skewed) - 1e-6);
    }
  }

  /** {@code x − L(R + E)(x − m)} with {@code EL = 0}: another projection that guards as well. */
  private static Rows otherGuard(Data data, AffineEraser eraser, Random random) {
    RealMatrix left = new Array2DRowRealMatrix(eraser.left());
    RealMatrix right = new Array2DRowRealMatrix(eraser.right());
    RealMatrix free = new Array2DRowRealMatrix(eraser.rank(), D);
    for (int i = 0; i < eraser.rank(); i++) {
      for (int j = 0; j < D; j++) {
        free.setEntry(i, j, 0.1 * random.nextGaussian());
      }
    }
    RealMatrix kept = free.subtract(free.multiply(left).multiply(right));
    AffineEraser other =
        new AffineEraser(D, left.getData(), right.add(kept).getData(), eraser.mean());
    return other.erase(data.x);
  }

  @Test
  void aLogisticProbeOfErasedRowsIsAtChance() {
    Data data = data(600, 5);
    boolean[] positive = new boolean[600];
    int count = 0;
    for (int i = 0; i < 600; i++) {
      positive[i] = data.z[i] == 1;
      count += positive[i] ? 1 : 0;
    }
    LogisticRegression regression = LogisticRegression.of(1e-3);
    CancellationToken none = CancellationToken.none();
    var before = regression.fit(data.x, positive, none);
    var after = regression.fit(fitted(data).eraser(PLAIN).erase(data.x), positive, none);
    double norm = 0;
    for (double w : after.weights()) {
      norm = Math.max(norm, Math.abs(w));
    }
    assertThat(norm).isLessThan(1e-3);
    assertThat(Arrays.stream(before.weights()).map(Math::abs).max().orElseThrow())
        .isGreaterThan(0.3);
    double odds = Math.log(count / (600.0 - count));
    double[] mean = mean(data.x);
    double atMean = after.bias();
    for (int j = 0; j < D; j++) {
      atMean += after.weights()[j] * mean[j];
    }
    assertThat(atMean).isCloseTo(odds, within(1e-3));
  }

  @Test
  void streamedAndMergedIsTheSameEraser() {
    Data data = data(200, 6);
    AffineEraser whole = fitted(data).eraser();
    LeaceFitter one = new LeaceFitter(D, CLASSES);
    LeaceFitter two = new LeaceFitter(D, CLASSES);
    for (int i = 0; i < 200; i++) {
      (i < 70 ? one : two).update(data.x.select(i), new int[] {data.z[i]});
    }
    one.merge(two);
    assertThat(one.count()).isEqualTo(200);
    assertThat(removed(one.eraser()).subtract(removed(whole)).getNorm1()).isLessThan(1e-9);
    AffineEraser frozen = two.eraser();
    RealMatrix before = removed(frozen);
    two.update(data.x, data.z);
    assertThat(removed(frozen)).isEqualTo(before);
  }

  private static double trace(Rows x) {
    double sum = 0;
    double[][] covariance = covariance(x);
    for (int j = 0; j < x.width(); j++) {
      sum += covariance[j][j];
    }
    return sum;
  }

  /** {@code PΣPᵀ = Σ − Σ^½uuᵀΣ^½} where the whitening is that of the rows themselves. */
  @Test
  void rowsOfTheFitNeverVaryMoreAfterwards() {
    for (int seed = 10; seed < 20; seed++) {
      Data data = data(60, seed);
      LeaceFitter fitter = fitted(data);
      AffineEraser free = fitter.eraser(LeaceOptions.defaults().withoutTraceConstraint());
      assertThat(trace(free.erase(data.x))).isLessThan(trace(data.x));
      assertThat(removed(fitter.eraser())).isEqualTo(removed(free));
    }
  }

  @Test
  void theConstraintKeepsTheTraceAndStillGuards() {
    double[][] covariance = {{1, 0.2, 0, 0}, {0.2, 90, 1, 0}, {0, 1, 3, 0.5}, {0, 0, 0.5, 2}};
    double[][] foreign = {{1, 0, 0, 0}, {0, 0.01, 0, 0}, {0, 0, 1, 0.1}, {0, 0, 0.1, 1}};
    double[][] cross = {{1, 0}, {0.3, 0.2}, {0, 0.7}, {0.1, 0}};
    LeaceOptions free = PLAIN.singularValueTolerance(1e-9);
    LeaceOptions bound = LeaceOptions.defaults().singularValueTolerance(1e-9);
    RealMatrix sigma = new Array2DRowRealMatrix(covariance);
    RealMatrix plain = complement(ErasureMap.leastSquares(foreign, covariance, cross, free));
    RealMatrix kept = complement(ErasureMap.leastSquares(foreign, covariance, cross, bound));
    double before = sigma.getTrace();
    assertThat(plain.multiply(sigma).multiply(plain.transpose()).getTrace())
        .as("the case needs the constraint")
        .isGreaterThan(2 * before);
    assertThat(kept.multiply(sigma).multiply(kept.transpose()).getTrace())
        .isCloseTo(before, within(1e-9 * before));
    assertThat(kept.multiply(new Array2DRowRealMatrix(cross)).getNorm1()).isLessThan(1e-9);
    assertThat(kept.multiply(kept).subtract(kept).getNorm1()).isLessThan(1e-9);
  }

  private static RealMatrix complement(Optional<ErasureMap.Factors> factors) {
    RealMatrix removed = factors.orElseThrow().left().multiply(factors.orElseThrow().right());
    return MatrixUtils.createRealIdentityMatrix(4).subtract(removed);
  }

  @Test
  void theShareSolvesItsQuadratic() {
    double alpha = ErasureMap.share(9, 3, 2, 4);
    assertThat(alpha).isBetween(0.0, 1.0);
    assertThat(alpha * alpha * 9 + 2 * alpha * (1 - alpha) * 3 + (1 - alpha) * (1 - alpha) * 2)
        .isCloseTo(4, within(1e-12));
  }

  @Test
  void shrinkageIsTheFormulaAndKeepsTheTrace() {
    double[][] covariance = {{4, 1}, {1, 2}};
    // tr 6, |S|² 22, spread 22 − 18 = 4; n = 30: α = 1 − (36/30)/4 = 0.7.
    LinearShrinkage.apply(covariance, 30);
    assertThat(covariance[0][0]).isCloseTo(0.7 * 4 + 0.3 * 3, within(1e-12));
    assertThat(covariance[1][1]).isCloseTo(0.7 * 2 + 0.3 * 3, within(1e-12));
    assertThat(covariance[0][1]).isCloseTo(0.7, within(1e-12));
    double[][] few = {{4, 1}, {1, 2}};
    LinearShrinkage.apply(few, 2);
    assertThat(few[0][1]).isZero();
    assertThat(few[0][0]).isCloseTo(3, within(1e-12));
  }

  @Test
  void fewerRowsThanDimensionsAreGuardedThroughShrinkage() {
    Random random = new Random(3);
    double[][] x = new double[8][20];
    for (double[] row : x) {
      for (int j = 0; j < 20; j++) {
        row[j] = random.nextGaussian();
      }
    }
    int[] z = {0, 1, 2, 0, 1, 2, 0, 1};
    LeaceFitter fitter = new LeaceFitter(20, CLASSES);
    Rows rows = Rows.of(x);
    fitter.update(rows, z);
    Rows erased = fitter.eraser().erase(rows);
    assertThat(leaked(erased, z)).isLessThan(1e-5);
  }

  @Test
  void constantFeaturesAndConstantLabels() {
    Rows x =
        Rows.of(
            new double[] {1, 7, 0},
            new double[] {2, 7, 1},
            new double[] {4, 7, 0},
            new double[] {8, 7, 1});
    LeaceFitter fitter = new LeaceFitter(3, 1);
    fitter.update(x, new double[][] {{0}, {0}, {1}, {1}});
    AffineEraser eraser = fitter.eraser(PLAIN);
    assertThat(eraser.rank()).isEqualTo(1);
    Rows erased = eraser.erase(x);
    for (int i = 0; i < 4; i++) {
      assertThat(erased.get(i, 1)).isEqualTo(7f);
    }
    LeaceFitter constant = new LeaceFitter(3, 1);
    constant.update(x, new double[][] {{1}, {1}, {1}, {1}});
    assertThat(constant.eraser().rank()).isZero();
    assertThat(constant.eraser().erase(x)).isEqualTo(x);
    assertThat(constant.eraser(LeaceOptions.orthogonal()).rank()).isZero();
  }

  @Test
  void badInputIsRefused() {
    LeaceFitter fitter = new LeaceFitter(2, 2);
    assertThatThrownBy(fitter::eraser)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("at least two rows but 0");
    Rows x = Rows.of(new double[] {1, 2});
    assertThatThrownBy(() -> fitter.update(x, new int[] {2}))
        .hasMessageContaining("class must be in [0, 1] but row 0 has 2");
    assertThatThrownBy(() -> fitter.update(x, new double[][] {{1}}))
        .hasMessageContaining("2 numbers a row but row 0 has 1");
    assertThatThrownBy(() -> fitter.update(x, new double[][] {{1, Double.NaN}}))
        .hasMessageContaining("row 0 has NaN");
    assertThatThrownBy(() -> fitter.update(Rows.of(new double[] {1}), new int[] {0}))
        .hasMessageContaining("width 2 but have 1");
    assertThatThrownBy(() -> fitter.merge(new LeaceFitter(2, 3)))
        .hasMessageContaining("2, 2 and 2, 3");
    assertThatThrownBy(() -> new LeaceFitter(0, 1)).hasMessageContaining("0 and 1");
    assertThatThrownBy(() -> LeaceOptions.defaults().singularValueTolerance(-1))
        .hasMessageContaining("was -1.0");
    assertThatThrownBy(() -> OracleEraser.fit(x, new double[][] {{1}}))
        .hasMessageContaining("two labelled rows but got 1");
  }
}
