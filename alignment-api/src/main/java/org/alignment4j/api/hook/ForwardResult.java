package org.alignment4j.api.hook;

import org.apiguardian.api.API;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What a forward run gave. Immutable; arrays are copies that outlive the model. Thread-safe.
 *
 * <p>It may lie in the model's own memory until it is read, which closing gives back at once. A
 * result that is left open costs a copy instead: nothing leaks, and it is readable for good.
 */
@API(status = API.Status.STABLE, since = "0.1")
public interface ForwardResult extends AutoCloseable {

  /**
   * Returns the logits.
   *
   * @return a new array {@code [batch, position, vocabulary]}, after a soft cap where the model has
   *     one
   * @throws IllegalStateException when the run stopped before the logits
   */
  INDArray logits();

  /**
   * Returns the logits at one position as plain data; needs no ND4J backend.
   *
   * @param row the sequence, from 0
   * @param position the position, negative from the sequence's end
   * @return a new array {@code [vocabulary]}
   * @throws IllegalArgumentException when row or position is outside
   * @throws IllegalStateException when the run stopped before the logits
   */
  float[] logits(int row, int position);

  /**
   * Returns the activations that the run was asked to keep.
   *
   * @return the cache; without points when none were asked for
   */
  ActivationCache cache();

  /**
   * Gives memory back. What was read before stays; reading anything else, through {@link #cache}
   * too, then throws {@link IllegalStateException} where the result lay in the model's memory.
   * Again does nothing, and so does leaving it out.
   */
  @Override
  default void close() {}
}
