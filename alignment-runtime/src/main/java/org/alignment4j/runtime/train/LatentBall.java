package org.alignment4j.runtime.train;

import java.util.random.RandomGenerator;
import org.apiguardian.api.API;

/**
 * Vectors of one length that may not be longer than a radius: the set in which a perturbation of
 * activations is sought, one vector for each token. Immutable and thread-safe.
 *
 * @param width coordinates of a vector, at least 1
 * @param radius the longest Euclidean norm, positive and finite
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record LatentBall(int width, double radius) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when one is out of range
   */
  public LatentBall {
    if (width < 1) {
      throw new IllegalArgumentException("width must be at least 1 but was " + width);
    }
    if (!(radius > 0) || Double.isInfinite(radius)) {
      throw new IllegalArgumentException("radius must be positive and finite but was " + radius);
    }
  }

  /**
   * Makes a step of projected gradient ascent (Madry et al. 2018, arXiv 1706.06083, section 2.1, in
   * the Euclidean norm): {@code δ ← Π(δ + step · g/|g|)} for each vector; one without a gradient
   * stays.
   *
   * @param delta vectors, row after row; changed
   * @param gradient of what is to rise, as long
   * @param step how far, positive
   * @throws IllegalArgumentException when the lengths differ or are no whole vectors
   */
  public void ascend(float[] delta, float[] gradient, double step) {
    if (delta.length != gradient.length || delta.length % width != 0) {
      throw new IllegalArgumentException(
          "delta and gradient must be whole vectors of "
              + width
              + " numbers and as many but were "
              + delta.length
              + " and "
              + gradient.length
              + " numbers");
    }
    for (int from = 0; from < delta.length; from += width) {
      double norm = norm(gradient, from);
      if (norm > 0) {
        for (int i = from; i < from + width; i++) {
          delta[i] = (float) (delta[i] + step * gradient[i] / norm);
        }
        project(delta, from);
      }
    }
  }

  /** Shortens a vector that is too long. */
  private void project(float[] delta, int from) {
    double norm = norm(delta, from);
    if (norm > radius) {
      // Rounding to float may lengthen it again, by half a unit in the last place a coordinate.
      double factor = radius / norm * (1 - 1e-6);
      for (int i = from; i < from + width; i++) {
        delta[i] = (float) (delta[i] * factor);
      }
    }
  }

  /**
   * Fills in vectors of the radius's length in uniformly random directions.
   *
   * @param delta whole vectors; overwritten
   * @param random draws a standard normal number for each coordinate
   * @throws IllegalArgumentException when the length is no whole number of vectors
   */
  public void fillSphere(float[] delta, RandomGenerator random) {
    if (delta.length % width != 0) {
      throw new IllegalArgumentException(
          "delta must be whole vectors of " + width + " numbers but was " + delta.length);
    }
    for (int from = 0; from < delta.length; from += width) {
      for (int i = from; i < from + width; i++) {
        delta[i] = (float) random.nextGaussian();
      }
      double factor = radius / norm(delta, from) * (1 - 1e-6);
      for (int i = from; i < from + width; i++) {
        delta[i] = (float) (delta[i] * factor);
      }
    }
  }

  /**
   * Returns the longest norm of some vectors.
   *
   * @param delta whole vectors
   * @return the largest Euclidean norm; 0 of none
   */
  public double longest(float[] delta) {
    double longest = 0;
    for (int from = 0; from + width <= delta.length; from += width) {
      longest = Math.max(longest, norm(delta, from));
    }
    return longest;
  }

  private double norm(float[] values, int from) {
    double squares = 0;
    for (int i = from; i < from + width; i++) {
      squares += (double) values[i] * values[i];
    }
    return Math.sqrt(squares);
  }
}
