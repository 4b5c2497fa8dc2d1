package org.alignment4j.runtime.train;

import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.apiguardian.api.API;

/**
 * The adapter of one linear weight.
 *
 * @param a {@code [rank, in]}
 * @param b {@code [out, rank]}
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record LoraMatrices(WeightTensor a, WeightTensor b) {

  public LoraMatrices {
    long[] shapeA = a.shape();
    long[] shapeB = b.shape();
    if (shapeA.length != 2 || shapeB.length != 2 || shapeA[0] != shapeB[1]) {
      throw new IllegalArgumentException(
          "a must be [rank, in] and b [out, rank] but they were "
              + java.util.Arrays.toString(shapeA)
              + " ("
              + a.name()
              + ") and "
              + java.util.Arrays.toString(shapeB));
    }
  }

  /**
   * Returns the rank.
   *
   * @return rows of A
   */
  public int rank() {
    return (int) a.shape()[0];
  }

  /**
   * Returns the width of the linear's input.
   *
   * @return columns of A
   */
  public int in() {
    return (int) a.shape()[1];
  }

  /**
   * Returns the width of the linear's output.
   *
   * @return rows of B
   */
  public int out() {
    return (int) b.shape()[0];
  }
}
