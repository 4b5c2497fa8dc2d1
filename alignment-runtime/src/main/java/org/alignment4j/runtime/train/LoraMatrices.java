package org.alignment4j.runtime.train;

import java.util.Arrays;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * The adapter of one linear weight: {@code W + s·B·A} (Hu et al. 2021, eq. 3), or with a magnitude
 * m for every output o {@code m_o·(W + s·B·A)_o / ‖(W + s·B·A)_o‖} (DoRA, Liu et al. 2024, eq. 5).
 *
 * @param a {@code [rank, in]}
 * @param b {@code [out, rank]}
 * @param scale the factor s where it is not that of the adapter's settings, else null
 * @param magnitude m, {@code [out]}, or null for none
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record LoraMatrices(
    WeightTensor a, WeightTensor b, @Nullable Double scale, @Nullable WeightTensor magnitude) {

  /**
   * Checks the shapes.
   *
   * @throws IllegalArgumentException when they do not fit each other, or the scale is not finite
   */
  public LoraMatrices {
    long[] shapeA = a.shape();
    long[] shapeB = b.shape();
    if (shapeA.length != 2 || shapeB.length != 2 || shapeA[0] != shapeB[1]) {
      throw new IllegalArgumentException(
          "a must be [rank, in] and b [out, rank] but they were "
              + Arrays.toString(shapeA)
              + " ("
              + a.name()
              + ") and "
              + Arrays.toString(shapeB));
    }
    if (scale != null && !Double.isFinite(scale)) {
      throw new IllegalArgumentException(
          "the scale of " + a.name() + " must be finite but was " + scale);
    }
    if (magnitude != null && !Arrays.equals(magnitude.shape(), new long[] {shapeB[0]})) {
      throw new IllegalArgumentException(
          "magnitude must be ["
              + shapeB[0]
              + "], one for each row of b, but was "
              + Arrays.toString(magnitude.shape())
              + " ("
              + magnitude.name()
              + ")");
    }
  }

  /**
   * Matrices with the scale of the adapter's settings and without magnitudes.
   *
   * @param a {@code [rank, in]}
   * @param b {@code [out, rank]}
   */
  public LoraMatrices(WeightTensor a, WeightTensor b) {
    this(a, b, null, null);
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
