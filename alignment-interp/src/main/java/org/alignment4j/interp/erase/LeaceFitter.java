package org.alignment4j.interp.erase;

import java.util.Optional;
import org.alignment4j.interp.activation.Rows;
import org.alignment4j.interp.direction.CovarianceEstimator;
import org.alignment4j.interp.erase.LeaceOptions.Method;
import org.apiguardian.api.API;

/**
 * Least-squares concept erasure (LEACE; Belrose et al. 2023, arXiv 2306.03819): the affine map
 * after which no linear classifier predicts {@code z} better than a constant, and which changes
 * activations least in the mean square. Means and covariances are streamed in double precision. Not
 * thread-safe; one for each thread, merged at the end.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class LeaceFitter {

  private final int width;
  private final int labels;
  private final CovarianceEstimator covariance;
  private final CrossCovariance cross;

  /**
   * A fitter that has seen nothing.
   *
   * @param width numbers in a row
   * @param labels numbers that say what is to be erased: as many as classes for one-hot labels
   * @throws IllegalArgumentException if one is not positive
   */
  public LeaceFitter(int width, int labels) {
    if (width < 1 || labels < 1) {
      throw new IllegalArgumentException(
          "width and labels must be positive but were " + width + " and " + labels);
    }
    this.width = width;
    this.labels = labels;
    covariance = new CovarianceEstimator(width);
    cross = new CrossCovariance(width, labels);
  }

  /**
   * Adds rows with any labels.
   *
   * @param x {@code [n, d]}
   * @param z {@code [n][k]}
   * @throws IllegalArgumentException if widths or numbers of rows differ, or a label is not finite
   */
  public void update(Rows x, double[][] z) {
    x.requireWidth(width);
    Labels.require(x.count(), labels, z);
    covariance.update(x);
    cross.update(x, z);
  }

  /**
   * Adds rows of classes, as one-hot labels.
   *
   * @param x {@code [n, d]}
   * @param classes the class of each row, from 0
   * @throws IllegalArgumentException if the width is another, or a class is missing or outside
   */
  public void update(Rows x, int[] classes) {
    update(x, Labels.oneHot(classes, labels));
  }

  /**
   * Adds what another fitter has seen; it is not changed.
   *
   * @throws IllegalArgumentException if it is for other widths
   */
  public void merge(LeaceFitter other) {
    if (other.width != width || other.labels != labels) {
      throw new IllegalArgumentException(
          "fitters to be merged must have one width and number of labels but have "
              + width
              + ", "
              + labels
              + " and "
              + other.width
              + ", "
              + other.labels);
    }
    covariance.merge(other.covariance);
    cross.merge(other.cross);
  }

  /** Number of rows seen. */
  public long count() {
    return covariance.count();
  }

  /** The {@linkplain #eraser(LeaceOptions) eraser} with the usual options. */
  public AffineEraser eraser() {
    return eraser(LeaceOptions.defaults());
  }

  /**
   * The eraser of what was seen so far; later rows do not change it.
   *
   * @return of rank 0 where labels are constant or nothing of them is linearly there
   * @throws IllegalStateException if fewer than two rows were seen
   */
  public AffineEraser eraser(LeaceOptions options) {
    if (count() < 2) {
      throw new IllegalStateException(
          "an eraser needs at least two rows but " + count() + " were seen");
    }
    double[] mean = options.affine() ? covariance.mean() : new double[width];
    Optional<ErasureMap.Factors> factors =
        options.method() == Method.ORTHOGONAL
            ? ErasureMap.orthogonal(cross.covariance(), options.singularValueTolerance())
            : ErasureMap.leastSquares(
                whitening(options), covariance.covariance(), cross.covariance(), options);
    return factors
        .map(f -> new AffineEraser(width, f.left().getData(), f.right().getData(), mean))
        .orElseGet(() -> new AffineEraser(width, new double[width][0], new double[0][], mean));
  }

  private double[][] whitening(LeaceOptions options) {
    if (!options.shrinkage()) {
      return covariance.covariance();
    }
    double[][] shrunk = covariance.populationCovariance();
    LinearShrinkage.apply(shrunk, count());
    return shrunk;
  }
}
