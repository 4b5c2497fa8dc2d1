package org.alignment4j.interp.superposition;

import java.util.Arrays;
import org.apiguardian.api.API;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * {@code SoLU(x) = x · softmax(x)} over neurons (Elhage et al. 2022, "Softmax Linear Units"). In a
 * model a LayerNorm follows, which may hide superposition again: what is interpreted is this,
 * {@code hook_mid}, not {@code hook_post}. Pure functions, in double.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Solu {
  private Solu() {}

  /**
   * Computes the function.
   *
   * @param x pre-activations of all neurons, at least one
   * @return {@code x · softmax(x)}
   * @throws IllegalArgumentException when there is no neuron or one is not finite
   */
  public static double[] of(double[] x) {
    double[] y = softmax(x);
    for (int i = 0; i < y.length; i++) {
      y[i] *= x[i];
    }
    return y;
  }

  /**
   * Computes the function along the last axis.
   *
   * @param x pre-activations, such as {@code [batch, position, dMlp]}
   * @return a new array of the same shape, single precision
   * @throws IllegalArgumentException when a number is not finite
   */
  public static INDArray of(INDArray x) {
    int neurons = Math.toIntExact(x.size(-1));
    float[] data = x.dup('c').data().asFloat();
    for (int start = 0; start < data.length; start += neurons) {
      double[] row = new double[neurons];
      for (int i = 0; i < neurons; i++) {
        row[i] = data[start + i];
      }
      double[] y = of(row);
      for (int i = 0; i < neurons; i++) {
        data[start + i] = (float) y[i];
      }
    }
    return Nd4j.createFromArray(data).reshape('c', x.shape());
  }

  /**
   * Computes the product of a gradient with the function's Jacobian: with {@code s = softmax(x)},
   * {@code g⊙s⊙(1 + x) − s·Σ(g⊙x⊙s)}.
   *
   * @param x pre-activations of all neurons
   * @param g gradient by the function's value
   * @return gradient by {@code x}
   * @throws IllegalArgumentException when the lengths differ or a number of {@code x} is not finite
   */
  public static double[] vjp(double[] x, double[] g) {
    if (g.length != x.length) {
      throw new IllegalArgumentException(
          "g must have the " + x.length + " numbers of x but has " + g.length);
    }
    double[] s = softmax(x);
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += g[i] * x[i] * s[i];
    }
    double[] result = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      result[i] = g[i] * s[i] * (1 + x[i]) - s[i] * sum;
    }
    return result;
  }

  private static double[] softmax(double[] x) {
    if (x.length == 0) {
      throw new IllegalArgumentException("x must have at least one neuron");
    }
    for (int i = 0; i < x.length; i++) {
      if (!Double.isFinite(x[i])) {
        throw new IllegalArgumentException("x must be finite but neuron " + i + " was " + x[i]);
      }
    }
    double max = Arrays.stream(x).max().orElseThrow();
    double[] s = new double[x.length];
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      s[i] = Math.exp(x[i] - max);
      sum += s[i];
    }
    for (int i = 0; i < x.length; i++) {
      s[i] /= sum;
    }
    return s;
  }
}
