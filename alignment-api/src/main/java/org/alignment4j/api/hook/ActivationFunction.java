package org.alignment4j.api.hook;

import java.util.Optional;
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

  /**
   * Returns the name that says what this computes. A model with a named function has the same id
   * whenever it is built, so that stored results of it are found again; without a name the id never
   * repeats.
   *
   * @return the name; empty when it has none
   */
  default Optional<String> name() {
    return Optional.empty();
  }

  /**
   * Gives a function a name.
   *
   * @param name differs from that of any function that computes something else, also in a later
   *     version of the program
   * @param function computes the new activation
   * @return the same function, with the name
   * @throws IllegalArgumentException when the name is blank
   */
  static ActivationFunction named(String name, ActivationFunction function) {
    return new NamedActivationFunction(name, function);
  }
}
