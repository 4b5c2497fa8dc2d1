package org.alignment4j.api.hook;

import org.apiguardian.api.API;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What a forward run gave. Immutable; arrays are copies that outlive the model. */
@API(status = API.Status.STABLE, since = "0.1")
public interface ForwardResult {

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
}
