package org.alignment4j.interp.neuron;

import org.apiguardian.api.API;

/** At which scales {@code a} of the activation, from 0 to 1, the integral's sum reads gradients. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum PathPoints {
  /** {@code 0, 1/m, .., (m-1)/m}: the code of Dai et al. */
  LEFT,
  /** {@code 1/m, .., 1}: Dai et al. 2022, equation 3. */
  RIGHT,
  /** {@code 0, 1/(m-1), .., 1}, all of weight {@code 1/m}. */
  BOTH,
  /** {@code 1/2m, 3/2m, .., (2m-1)/2m}: error of second order in {@code 1/m}. */
  MIDPOINT;

  /**
   * The scales.
   *
   * @param steps how many, at least 1; at least 2 for {@link #BOTH}
   * @return the scales, ascending
   * @throws IllegalArgumentException when there are too few
   */
  public double[] scales(int steps) {
    int least = this == BOTH ? 2 : 1;
    if (steps < least) {
      throw new IllegalArgumentException(
          "steps must be at least " + least + " for " + this + " but was " + steps);
    }
    double[] scales = new double[steps];
    for (int k = 0; k < steps; k++) {
      scales[k] =
          switch (this) {
            case LEFT -> (double) k / steps;
            case RIGHT -> (k + 1.0) / steps;
            case BOTH -> (double) k / (steps - 1);
            case MIDPOINT -> (k + 0.5) / steps;
          };
    }
    return scales;
  }
}
