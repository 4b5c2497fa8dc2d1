package org.alignment4j.interp.feature;

import java.util.Arrays;
import org.alignment4j.api.hook.Values;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Matrices as ND4J has them and as rows in a Java array. Pure functions. */
final class RowMatrices {
  private RowMatrices() {}

  /** A matrix of rows in row-major order. */
  static INDArray matrix(float[] data, int columns) {
    return Nd4j.createFromArray(data).reshape('c', data.length / columns, columns);
  }

  /** The product of two matrices in row-major order. */
  static float[] product(INDArray a, INDArray b) {
    return a.mmul(b).dup('c').data().asFloat();
  }

  /** The norm of each row. */
  static float[] norms(float[] rows, int size) {
    float[] norms = new float[rows.length / size];
    for (int j = 0; j < norms.length; j++) {
      double squares = 0;
      for (int i = j * size; i < (j + 1) * size; i++) {
        squares += (double) rows[i] * rows[i];
      }
      norms[j] = (float) Math.sqrt(squares);
    }
    return norms;
  }

  /**
   * Rows {@code [n, size]} of an array.
   *
   * @throws IllegalArgumentException when it has another shape or no row
   */
  static float[] rows(INDArray rows, int size, String name) {
    if (rows.rank() != 2 || rows.size(1) != size || rows.isEmpty()) {
      throw new IllegalArgumentException(
          name
              + " must have shape [n, "
              + size
              + "] with at least one row but had "
              + Arrays.toString(rows.shape()));
    }
    return Values.of(rows).toArray();
  }
}
