package org.alignment4j.interp.erase;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.interp.activation.Rows;
import org.alignment4j.interp.direction.CovarianceEstimator;
import org.apiguardian.api.API;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.RealMatrix;

/**
 * Quadratic concept erasure (QLEACE; Belrose et al. 2023, arXiv 2306.03819, section 6): each class
 * is mapped to one mean and covariance, the barycentre of all, by the affine map that changes it
 * least in the mean square, so that no classifier of first and second moments tells classes apart.
 * The map needs to know the class of a row. Means and covariances are streamed in double precision;
 * decompositions take time in the cube of the width. Not thread-safe; one for each thread, merged
 * at the end.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class QuadraticLeaceFitter {

  private final int width;
  private final List<CovarianceEstimator> classes;

  /**
   * A fitter that has seen nothing.
   *
   * @param width numbers in a row
   * @param classes how many classes there are
   * @throws IllegalArgumentException if the width is not positive or there are fewer than two
   *     classes
   */
  public QuadraticLeaceFitter(int width, int classes) {
    if (width < 1 || classes < 2) {
      throw new IllegalArgumentException(
          "width must be positive and classes at least 2 but they were "
              + width
              + " and "
              + classes);
    }
    this.width = width;
    this.classes = new ArrayList<>();
    for (int k = 0; k < classes; k++) {
      this.classes.add(new CovarianceEstimator(width));
    }
  }

  /**
   * Adds rows.
   *
   * @param x {@code [n, d]}
   * @param labels the class of each row, from 0
   * @throws IllegalArgumentException if the width is another, or a class is missing or outside
   */
  public void update(Rows x, int[] labels) {
    x.requireWidth(width);
    requireClasses(x.count(), labels, classes.size());
    double[] row = new double[width];
    for (int i = 0; i < labels.length; i++) {
      x.copyRow(i, row);
      classes.get(labels[i]).update(row);
    }
  }

  static void requireClasses(int rows, int[] labels, int classes) {
    if (labels.length != rows) {
      throw new IllegalArgumentException(
          "every row must have a class but there are "
              + rows
              + " rows and "
              + labels.length
              + " classes");
    }
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] < 0 || labels[i] >= classes) {
        throw new IllegalArgumentException(
            "class must be in [0, " + (classes - 1) + "] but row " + i + " has " + labels[i]);
      }
    }
  }

  /**
   * Adds what another fitter has seen; it is not changed.
   *
   * @throws IllegalArgumentException if it is for another width or number of classes
   */
  public void merge(QuadraticLeaceFitter other) {
    if (other.width != width || other.classes.size() != classes.size()) {
      throw new IllegalArgumentException(
          "fitters to be merged must have one width and number of classes but have "
              + width
              + ", "
              + classes.size()
              + " and "
              + other.width
              + ", "
              + other.classes.size());
    }
    for (int k = 0; k < classes.size(); k++) {
      classes.get(k).merge(other.classes.get(k));
    }
  }

  /** Number of rows seen. */
  public long count() {
    return classes.stream().mapToLong(CovarianceEstimator::count).sum();
  }

  /** The {@linkplain #eraser(boolean) eraser} with shrinkage. */
  public QuadraticEraser eraser() {
    return eraser(true);
  }

  /**
   * The eraser of what was seen so far; later rows do not change it.
   *
   * @param shrinkage whether each class's covariance is shrunk towards a multiple of the identity,
   *     as for {@link LeaceOptions#shrinkage}; without it, directions in which a class does not
   *     vary are flattened rather than matched
   * @throws IllegalStateException if fewer than two rows of a class were seen
   */
  public QuadraticEraser eraser(boolean shrinkage) {
    double[] shares = new double[classes.size()];
    double[] mean = new double[width];
    List<RealMatrix> covariances = new ArrayList<>();
    for (int k = 0; k < shares.length; k++) {
      CovarianceEstimator one = classes.get(k);
      if (one.count() < 2) {
        throw new IllegalStateException(
            "an eraser needs at least two rows of every class but class "
                + k
                + " has "
                + one.count());
      }
      shares[k] = (double) one.count() / count();
      double[] own = one.mean();
      for (int j = 0; j < width; j++) {
        mean[j] += shares[k] * own[j];
      }
      double[][] covariance = one.populationCovariance();
      if (shrinkage) {
        LinearShrinkage.apply(covariance, one.count());
      }
      covariances.add(new Array2DRowRealMatrix(covariance, false));
    }
    RealMatrix target = GaussianTransport.barycenter(covariances, shares);
    List<double[][]> maps = new ArrayList<>();
    List<double[]> means = new ArrayList<>();
    for (int k = 0; k < shares.length; k++) {
      maps.add(GaussianTransport.map(covariances.get(k), target).getData());
      means.add(classes.get(k).mean());
    }
    return new QuadraticEraser(maps, means, mean);
  }
}
