package org.alignment4j.interp.superposition;

import com.google.common.primitives.ImmutableDoubleArray;
import org.apiguardian.api.API;

/**
 * {@code h = W·x}, {@code x' = relu(Wᵀ·h + b)} (Elhage et al. 2022, "Toy Models of Superposition"),
 * or the same without relu. Immutable.
 *
 * @param features number of features, {@code n}
 * @param hidden number of dimensions, {@code m}
 * @param relu whether there is a relu; without one it is the linear model of the paper
 * @param weights {@code W}, {@code [m, n]} in row-major order
 * @param bias {@code b}, {@code [n]}
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ToyModel(
    int features,
    int hidden,
    boolean relu,
    ImmutableDoubleArray weights,
    ImmutableDoubleArray bias) {

  /**
   * Checks the sizes.
   *
   * @throws IllegalArgumentException when a size is not positive or an array has another length
   */
  public ToyModel {
    if (features < 1 || hidden < 1) {
      throw new IllegalArgumentException(
          "features and hidden must be positive but were " + features + " and " + hidden);
    }
    if (weights.length() != features * hidden || bias.length() != features) {
      throw new IllegalArgumentException(
          "weights must have "
              + features * hidden
              + " and bias "
              + features
              + " numbers but have "
              + weights.length()
              + " and "
              + bias.length());
    }
  }

  /**
   * Returns one weight.
   *
   * @param dimension which dimension, from 0
   * @param feature which feature, from 0
   * @return {@code W[dimension, feature]}
   */
  public double weight(int dimension, int feature) {
    return weights.get(dimension * features + feature);
  }

  /**
   * Reconstructs one input.
   *
   * @param x {@code [n]}
   * @return {@code x'}, {@code [n]}
   * @throws IllegalArgumentException when the length is another
   */
  public double[] reconstruct(double[] x) {
    if (x.length != features) {
      throw new IllegalArgumentException(
          "x must have the " + features + " features of the model but has " + x.length);
    }
    double[] h = new double[hidden];
    for (int k = 0; k < hidden; k++) {
      for (int i = 0; i < features; i++) {
        h[k] += weight(k, i) * x[i];
      }
    }
    double[] y = new double[features];
    for (int i = 0; i < features; i++) {
      y[i] = bias.get(i);
      for (int k = 0; k < hidden; k++) {
        y[i] += weight(k, i) * h[k];
      }
      y[i] = relu ? Math.max(y[i], 0) : y[i];
    }
    return y;
  }
}
