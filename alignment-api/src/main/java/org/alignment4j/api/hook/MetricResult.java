package org.alignment4j.api.hook;

import org.apiguardian.api.API;

/** What a forward run that was measured gave. Immutable; arrays outlive the model. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface MetricResult {

  /**
   * Returns the metric.
   *
   * @return a new array with one number for each sequence
   */
  double[] metric();

  /**
   * Returns the activations that the run was asked to keep.
   *
   * @return the cache; without points when none were asked for
   */
  ActivationCache cache();
}
