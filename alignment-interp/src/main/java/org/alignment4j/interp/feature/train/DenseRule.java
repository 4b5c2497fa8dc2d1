package org.alignment4j.interp.feature.train;

import java.util.Map;

/**
 * Activation and penalty of a variant whose features are all computed: what happens to one row of
 * {@code p = x̃·W_enc}. Immutable while a batch is evaluated.
 */
interface DenseRule {

  /** How many vectors of {@link RowSums} it fills. */
  int vectors();

  /** Whether the features of an auxiliary reconstruction are computed too. */
  default boolean hasAuxiliary() {
    return false;
  }

  /** Whether the backward pass reads {@code p}. */
  boolean readsPreActivations();

  /**
   * Computes features.
   *
   * @param p {@code x̃·W_enc} of the row, {@code [F]}
   * @param f the features, written
   * @param auxiliary those of the auxiliary reconstruction, written where there is one
   */
  void forward(float[] p, float[] f, float[] auxiliary);

  /**
   * Computes gradients.
   *
   * @param p as in the forward pass, where it is read
   * @param f the features
   * @param g gradient by the features of everything after them; overwritten with that of the loss
   *     by {@code p}
   * @param auxiliary gradient by the features of the auxiliary reconstruction
   * @param sums what the row adds to the sums
   */
  void backward(float[] p, float[] f, float[] g, float[] auxiliary, RowSums sums);

  /**
   * Returns the gradients of the vectors among the parameters.
   *
   * @param parts sums of all parts of the rows
   * @return gradients by name
   */
  Map<String, float[]> gradients(RowSums[] parts);
}
