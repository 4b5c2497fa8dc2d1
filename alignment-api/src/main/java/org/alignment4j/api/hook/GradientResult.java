package org.alignment4j.api.hook;

import org.apiguardian.api.API;

/**
 * What a forward run and the backward pass after it gave. Immutable; arrays are copies that outlive
 * the model.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface GradientResult extends MetricResult {

  /**
   * Returns the gradients of each sequence's metric with respect to its activations, as these are
   * after all edits: arrays of the activations' shapes, zero where no edit reaches: at padding, and
   * at keys behind their query.
   *
   * @return the gradients under the hook points they belong to
   */
  ActivationCache gradients();
}
