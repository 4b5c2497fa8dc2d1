package org.alignment4j.interp.weights;

import java.util.Objects;
import org.alignment4j.runtime.architecture.DecoderConfig.Norm;
import org.apiguardian.api.API;

/**
 * A normalisation {@code y = x̂∘w + b}, where {@code x̂} is {@code x}, less its mean in a layer
 * norm, divided by {@code sqrt(mean(x²) + ε)}. Immutable and thread-safe.
 *
 * @param kind whether the mean is subtracted
 * @param weight what multiplies, {@code [1, d]}: where a family's norms multiply by {@code 1 +
 *     weight} (Gemma), that sum
 * @param bias what is added, {@code [1, d]}; zeros under {@link Norm#RMS_NORM}
 * @param epsilon {@code ε}
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record NormWeights(Norm kind, Matrix weight, Matrix bias, double epsilon) {

  /**
   * Checks the sizes.
   *
   * @throws IllegalArgumentException if weight and bias are no row vectors of one length
   */
  public NormWeights {
    Objects.requireNonNull(kind, "kind");
    if (weight.rows() != 1 || bias.rows() != 1 || weight.columns() != bias.columns()) {
      throw new IllegalArgumentException(
          "weight and bias must be row vectors of one length but were " + weight + " and " + bias);
    }
  }

  /** The same norm without weight and bias. */
  NormWeights unit() {
    int d = weight.columns();
    return new NormWeights(kind, Matrix.generate(1, d, (i, j) -> 1), Matrix.zeros(1, d), epsilon);
  }

  /**
   * The norm of one vector.
   *
   * @param x {@code [d]}
   * @return a new array
   * @throws IllegalArgumentException if the length differs
   */
  public double[] apply(double[] x) {
    int d = weight.columns();
    if (x.length != d) {
      throw new IllegalArgumentException("x must have " + d + " components but had " + x.length);
    }
    double mean = 0;
    if (kind == Norm.LAYER_NORM) {
      for (double component : x) {
        mean += component / d;
      }
    }
    double square = 0;
    for (double component : x) {
      square += (component - mean) * (component - mean) / d;
    }
    double scale = Math.sqrt(square + epsilon);
    double[] y = new double[d];
    for (int i = 0; i < d; i++) {
      y[i] = (x[i] - mean) / scale * weight.get(0, i) + bias.get(0, i);
    }
    return y;
  }
}
