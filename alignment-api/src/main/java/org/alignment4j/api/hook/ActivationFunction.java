package org.alignment4j.api.hook;

import org.apiguardian.api.API;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Computes a new activation from the present one. It may be called from several threads at once.
 */
@API(status = API.Status.STABLE, since = "0.1")
@FunctionalInterface
public interface ActivationFunction {

  /**
   * Computes the new value at a hook point; where the edit has a selection, only the selected
   * places of the result are used.
   *
   * @param value the present value, owned by the function: it may be changed and returned
   * @param call where and when it was computed
   * @return the new value, of the same shape
   */
  INDArray apply(INDArray value, HookCall call);
}
