package org.alignment4j.interp.weights;

import java.util.Objects;
import java.util.function.UnaryOperator;
import org.apiguardian.api.API;

/**
 * The map {@code y = x·W + b} of row vectors. Immutable and thread-safe.
 *
 * @param weight {@code W}, {@code [in, out]}
 * @param bias {@code b}, {@code [1, out]}; zeros where the model has none
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Affine(Matrix weight, Matrix bias) {

  /**
   * Checks the sizes.
   *
   * @throws IllegalArgumentException if the bias does not fit the weight
   */
  public Affine {
    Objects.requireNonNull(weight, "weight");
    if (bias.rows() != 1 || bias.columns() != weight.columns()) {
      throw new IllegalArgumentException(
          "bias must be [1, "
              + weight.columns()
              + "] beside a weight "
              + weight
              + " but was "
              + bias);
    }
  }

  /** The weight with the bias as one row more, {@code [in + 1, out]}: {@code y = [x 1]·[W; b]}. */
  public Matrix augmented() {
    return weight.over(bias);
  }

  /** The map of an augmented weight {@code [in + 1, out]}. */
  static Affine ofAugmented(Matrix augmented) {
    int in = augmented.rows() - 1;
    return new Affine(augmented.rows(0, in), augmented.rows(in, in + 1));
  }

  /** Outputs {@code from} to {@code to}, exclusive. */
  Affine outputs(int from, int to) {
    return new Affine(weight.columns(from, to), bias.columns(from, to));
  }

  /** The same map with both parts changed in one way. */
  Affine map(UnaryOperator<Matrix> change) {
    return new Affine(change.apply(weight), change.apply(bias));
  }
}
