package org.alignment4j.interp.direction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.alignment4j.interp.activation.Rows;

class EstimatorsProperties {

  private static double[][] rows(int n, int d, long seed) {
    Random random = new Random(seed);
    double[][] rows = new double[n][d];
    for (double[] row : rows) {
      for (int j = 0; j < d; j++) {
        row[j] = (float) (1000 + j * random.nextGaussian());
      }
    }
    return rows;
  }

  @Property(tries = 60)
  void streamedAndMergedIsTheNaiveCovariance(
      @ForAll @IntRange(min = 2, max = 40) int n,
      @ForAll @IntRange(min = 1, max = 6) int d,
      @ForAll @IntRange(min = 0, max = 40) int cut,
      @ForAll long seed) {
    double[][] rows = rows(n, d, seed);
    CovarianceEstimator one = new CovarianceEstimator(d);
    CovarianceEstimator two = new CovarianceEstimator(d);
    for (int i = 0; i < n; i++) {
      (i < cut ? one : two).update(rows[i]);
    }
    one.merge(two);
    CovarianceEstimator whole = new CovarianceEstimator(d);
    whole.update(Rows.of(rows));
    double[] mean = new double[d];
    for (double[] row : rows) {
      for (int j = 0; j < d; j++) {
        mean[j] += row[j] / n;
      }
    }
    assertThat(one.count()).isEqualTo(n);
    for (int j = 0; j < d; j++) {
      assertThat(one.mean()[j]).isCloseTo(mean[j], within(1e-9));
      for (int k = 0; k < d; k++) {
        double sum = 0;
        for (double[] row : rows) {
          sum += (row[j] - mean[j]) * (row[k] - mean[k]);
        }
        assertThat(one.covariance()[j][k]).isCloseTo(sum / (n - 1), within(1e-7));
        assertThat(whole.covariance()[j][k]).isCloseTo(sum / (n - 1), within(1e-7));
        assertThat(one.populationCovariance()[j][k]).isCloseTo(sum / n, within(1e-7));
        assertThat(one.secondMoment()[j][k]).isCloseTo(sum / n + mean[j] * mean[k], within(1e-5));
      }
    }
  }

  @Property(tries = 60)
  void streamedAndMergedMeansAreTheNaiveOnes(
      @ForAll @IntRange(min = 2, max = 40) int n,
      @ForAll @IntRange(min = 1, max = 40) int cut,
      @ForAll long seed) {
    double[][] rows = rows(n, 3, seed);
    MeanDifference one = new MeanDifference(3);
    MeanDifference two = new MeanDifference(3);
    double[] expected = new double[3];
    int positives = (n + 1) / 2;
    for (int i = 0; i < n; i++) {
      boolean positive = i % 2 == 0;
      (i < cut ? one : two).update(Rows.of(rows[i]), positive);
      for (int j = 0; j < 3; j++) {
        expected[j] += positive ? rows[i][j] / positives : -rows[i][j] / (n - positives);
      }
    }
    one.merge(two);
    for (int j = 0; j < 3; j++) {
      assertThat(one.vector()[j]).isCloseTo(expected[j], within(1e-9));
    }
  }
}
