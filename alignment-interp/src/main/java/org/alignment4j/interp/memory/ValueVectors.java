package org.alignment4j.interp.memory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.alignment4j.interp.weights.Affine;
import org.alignment4j.interp.weights.Matrix;
import org.alignment4j.interp.weights.MlpWeights;
import org.alignment4j.interp.weights.TokenScore;
import org.alignment4j.interp.weights.TransformerWeights;
import org.apiguardian.api.API;

/**
 * The values of a layer's MLP, read in the vocabulary: {@code MLP(x) = Σ m_i·v_i + b_out} with
 * {@code v_i} row {@code i} of {@code W_out} (Geva et al. 2021, equation 2; 2022, equation 3). They
 * are read by {@code W_U} alone: a norm of what the MLP adds and the final norm are not computed;
 * fold the latter to have its weight. Immutable and thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ValueVectors {

  /** The number of tokens by which the paper of 2022 reads a value. */
  public static final int READ = 30;

  private final Affine out;
  private final Matrix unembedding;

  /**
   * The values of a layer.
   *
   * @throws IllegalArgumentException if there is no such layer, or it has several MLPs
   */
  public ValueVectors(TransformerWeights weights, int layer) {
    MlpWeights mlp = weights.layer(layer).mlp();
    if (mlp instanceof MlpWeights.Plain plain) {
      this.out = plain.out();
    } else if (mlp instanceof MlpWeights.Gated gated) {
      this.out = gated.out();
    } else {
      throw new IllegalArgumentException(
          "layer must have one MLP but layer "
              + layer
              + " has several, among which each token chooses");
    }
    this.unembedding = weights.unembedding().weight();
  }

  /** Number of values, {@code m}. */
  public int count() {
    return out.weight().rows();
  }

  /**
   * A value.
   *
   * @return a new array {@code [d]}
   * @throws IndexOutOfBoundsException if there is no such neuron
   */
  public double[] value(int neuron) {
    return out.weight().rowValues(neuron);
  }

  /**
   * The static scores {@code v_i·W_U} of all tokens: what a coefficient of 1 adds to their logits.
   *
   * @return a new array {@code [V]}
   * @throws IndexOutOfBoundsException if there is no such neuron
   */
  public double[] staticScores(int neuron) {
    return Matrix.row(value(neuron)).times(unembedding).toArray();
  }

  /**
   * The value's distribution over the vocabulary, {@code softmax(v_i·W_U)} (Geva et al. 2021,
   * section 4).
   *
   * @return a new array {@code [V]} that sums to 1
   * @throws IndexOutOfBoundsException if there is no such neuron
   */
  public double[] distribution(int neuron) {
    return Softmax.of(staticScores(neuron));
  }

  /**
   * The tokens that a value promotes most, the greatest score first, then those of lower ids.
   *
   * @param count how many; {@link #READ} in the paper
   * @throws IndexOutOfBoundsException if there is no such neuron
   * @throws IllegalArgumentException if the count is negative
   */
  public List<TokenScore> top(int neuron, int count) {
    return TokenScore.greatest(staticScores(neuron), count);
  }

  /**
   * What the MLP gives for coefficients, {@code Σ m_i·v_i + b_out}.
   *
   * @param coefficients {@code [m]}
   * @return a new array {@code [d]}
   * @throws IllegalArgumentException if their number differs
   */
  public double[] output(double[] coefficients) {
    requireCoefficients(coefficients);
    return Matrix.row(coefficients).times(out.weight()).plus(out.bias()).toArray();
  }

  /**
   * The neurons whose sub-updates are largest, by {@code |m_i|·‖v_i‖} (Geva et al. 2022, section
   * 4), the largest first, then lower numbers.
   *
   * @param coefficients {@code [m]}
   * @param count how many; all where there are fewer
   * @throws IllegalArgumentException if their number differs or the count is negative
   */
  public List<Integer> dominant(double[] coefficients, int count) {
    requireCoefficients(coefficients);
    if (count < 0) {
      throw new IllegalArgumentException("count must not be negative but was " + count);
    }
    List<Double> sizes = new ArrayList<>();
    for (int i = 0; i < count(); i++) {
      sizes.add(Math.abs(coefficients[i]) * Matrix.row(value(i)).norm());
    }
    return IntStream.range(0, count())
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> -sizes.get(i)))
        .limit(count)
        .toList();
  }

  private void requireCoefficients(double[] coefficients) {
    if (coefficients.length != count()) {
      throw new IllegalArgumentException(
          "coefficients must be one for each of "
              + count()
              + " neurons but were "
              + coefficients.length);
    }
  }
}
