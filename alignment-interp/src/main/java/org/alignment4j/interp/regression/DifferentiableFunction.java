package org.alignment4j.interp.regression;

import org.apiguardian.api.API;

/** A function of a vector and its gradient. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@FunctionalInterface
public interface DifferentiableFunction {

  /**
   * Returns the value at a point.
   *
   * @param point not to be changed
   * @param gradient gets the gradient there; as long as the point
   */
  double valueAndGradient(double[] point, double[] gradient);
}
