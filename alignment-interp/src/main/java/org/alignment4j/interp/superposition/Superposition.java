package org.alignment4j.interp.superposition;

import com.google.common.primitives.ImmutableDoubleArray;
import org.apiguardian.api.API;

/**
 * How a matrix {@code W [m, n]} represents its features (Elhage et al. 2022). {@code W_i} is a
 * feature's column, {@code Ŵ_i = W_i/‖W_i‖}. Immutable.
 *
 * @param norms {@code ‖W_i‖}: about 1 where a feature is represented, 0 where it is not
 * @param interference {@code Σ_{j≠i} (Ŵ_i·W_j)²}: 0 for a feature with a direction of its own
 * @param dimensionality {@code D_i = ‖W_i‖²/Σ_j (Ŵ_i·W_j)²}: the share of a dimension it has; 0
 *     where {@code W_i} is zero
 * @param dimensionsPerFeature {@code D* = m/‖W‖_F²}; infinite where {@code W} is zero
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Superposition(
    ImmutableDoubleArray norms,
    ImmutableDoubleArray interference,
    ImmutableDoubleArray dimensionality,
    double dimensionsPerFeature) {
  /** A norm above which a feature counts as represented, in its square. */
  private static final double REPRESENTED = 0.5;

  /**
   * Measures a model.
   *
   * @param model the model
   * @return the measures
   */
  public static Superposition of(ToyModel model) {
    return of(model.weights().toArray(), model.features());
  }

  /**
   * Measures a matrix.
   *
   * @param weights {@code W}, {@code [m, n]} in row-major order
   * @param features {@code n}
   * @return the measures
   * @throws IllegalArgumentException when the matrix is not whole
   */
  public static Superposition of(double[] weights, int features) {
    if (features < 1 || weights.length == 0 || weights.length % features != 0) {
      throw new IllegalArgumentException(
          "weights must be a positive number of whole rows of "
              + features
              + " features but were "
              + weights.length
              + " numbers");
    }
    int hidden = weights.length / features;
    double[] norms = new double[features];
    double[] interference = new double[features];
    double[] dimensionality = new double[features];
    double total = 0;
    for (int i = 0; i < features; i++) {
      double squares = product(weights, features, hidden, i, i);
      norms[i] = Math.sqrt(squares);
      total += squares;
      if (squares == 0) {
        continue;
      }
      for (int j = 0; j < features; j++) {
        if (j != i) {
          double product = product(weights, features, hidden, i, j);
          interference[i] += product * product / squares;
        }
      }
      dimensionality[i] = squares / (squares + interference[i]);
    }
    return new Superposition(
        ImmutableDoubleArray.copyOf(norms),
        ImmutableDoubleArray.copyOf(interference),
        ImmutableDoubleArray.copyOf(dimensionality),
        hidden / total);
  }

  private static double product(double[] w, int features, int hidden, int i, int j) {
    double sum = 0;
    for (int k = 0; k < hidden; k++) {
      sum += w[k * features + i] * w[k * features + j];
    }
    return sum;
  }

  /**
   * Returns how many features are represented.
   *
   * @return features with {@code ‖W_i‖² > 1/2}
   */
  public int represented() {
    return (int) norms.stream().filter(norm -> norm * norm > REPRESENTED).count();
  }

  /**
   * Returns how many features share dimensions with others.
   *
   * @return features that are represented with an interference above 1/10
   */
  public int superposed() {
    int count = 0;
    for (int i = 0; i < norms.length(); i++) {
      boolean here = norms.get(i) * norms.get(i) > REPRESENTED;
      count += here && interference.get(i) > 0.1 ? 1 : 0;
    }
    return count;
  }
}
