package org.alignment4j.interp.erase;

import org.apiguardian.api.API;

/**
 * How an eraser is made of what was seen.
 *
 * @param method least-squares or orthogonal
 * @param affine whether the mean stays where it is; otherwise the map is linear, and moves it
 * @param shrinkage whether the covariance is shrunk towards a multiple of the identity (Bodnar,
 *     Gupta and Parolya 2014), which fewer examples than dimensions need; for least-squares only
 * @param singularValueTolerance singular values of the whitened cross-covariance up to this are
 *     taken for 0; absolute
 * @param constrainTrace whether the erased activations may not vary more than the original ones in
 *     sum over dimensions; for least-squares only
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record LeaceOptions(
    Method method,
    boolean affine,
    boolean shrinkage,
    double singularValueTolerance,
    boolean constrainTrace) {

  /** Which projection removes the concept. */
  public enum Method {
    /** The least-squares one (Belrose et al. 2023, theorem 4.3). */
    LEAST_SQUARES,
    /** The orthogonal one; for two classes, along the difference of their means. */
    ORTHOGONAL
  }

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if the tolerance is negative or not finite
   */
  public LeaceOptions {
    if (!(singularValueTolerance >= 0) || Double.isInfinite(singularValueTolerance)) {
      throw new IllegalArgumentException(
          "singularValueTolerance must be finite and not negative but was "
              + singularValueTolerance);
    }
  }

  /** Least-squares, affine, shrunk, constrained, tolerance 0.01, as in concept-erasure. */
  public static LeaceOptions defaults() {
    return new LeaceOptions(Method.LEAST_SQUARES, true, true, 0.01, true);
  }

  /** Orthogonal and affine, tolerance 0.01. */
  public static LeaceOptions orthogonal() {
    return new LeaceOptions(Method.ORTHOGONAL, true, false, 0.01, false);
  }

  /** The same, the covariance as it is. */
  public LeaceOptions withoutShrinkage() {
    return new LeaceOptions(method, affine, false, singularValueTolerance, constrainTrace);
  }

  /** The same, however much the erased activations vary. */
  public LeaceOptions withoutTraceConstraint() {
    return new LeaceOptions(method, affine, shrinkage, singularValueTolerance, false);
  }

  /** The same as a linear map. */
  public LeaceOptions linear() {
    return new LeaceOptions(method, false, shrinkage, singularValueTolerance, constrainTrace);
  }

  /** The same with another tolerance. */
  public LeaceOptions singularValueTolerance(double tolerance) {
    return new LeaceOptions(method, affine, shrinkage, tolerance, constrainTrace);
  }
}
