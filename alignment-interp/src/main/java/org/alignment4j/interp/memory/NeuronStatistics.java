package org.alignment4j.interp.memory;

import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.alignment4j.api.model.TokenIds;
import org.apiguardian.api.API;

/**
 * Means, extremes, firing rates and quantiles of a layer's neurons, in memory that does not grow
 * with the corpus. Not thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class NeuronStatistics implements NeuronObserver {

  private static final double QUANTILE_ERROR = 0.01;

  private final Set<Integer> ignored;
  private double[] means = new double[0];
  private double[] squares = new double[0];
  private double[] minima = new double[0];
  private double[] maxima = new double[0];
  private long[] fired = new long[0];
  private QuantileSketch[] sketches = new QuantileSketch[0];
  private long tokens;

  /**
   * Statistics without tokens.
   *
   * @param ignored tokens at which neurons are not looked at, such as the beginning of a sequence
   */
  public NeuronStatistics(Set<Integer> ignored) {
    this.ignored = Set.copyOf(ignored);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if a neuron of a token that is looked at is not finite;
   *     nothing is then changed
   */
  @Override
  public void observe(long sequence, TokenIds tokens, int position, float[] neurons) {
    if (ignored.contains(tokens.get(position))) {
      return;
    }
    FiniteNeurons.require("activations", sequence, position, neurons);
    if (this.tokens == 0) {
      begin(neurons.length);
    }
    this.tokens++;
    for (int i = 0; i < neurons.length; i++) {
      double x = neurons[i];
      double step = x - means[i];
      means[i] += step / this.tokens;
      squares[i] += step * (x - means[i]);
      minima[i] = Math.min(minima[i], x);
      maxima[i] = Math.max(maxima[i], x);
      fired[i] += x > 0 ? 1 : 0;
      sketches[i].add(x);
    }
  }

  private void begin(int count) {
    means = new double[count];
    squares = new double[count];
    minima = new double[count];
    maxima = new double[count];
    Arrays.fill(minima, Double.POSITIVE_INFINITY);
    Arrays.fill(maxima, Double.NEGATIVE_INFINITY);
    fired = new long[count];
    sketches =
        Stream.generate(() -> new QuantileSketch(QUANTILE_ERROR))
            .limit(count)
            .toArray(QuantileSketch[]::new);
  }

  /** Number of neurons; 0 until a token was seen. */
  public int neurons() {
    return means.length;
  }

  /** Number of tokens seen. */
  public long tokens() {
    return tokens;
  }

  /**
   * What a neuron did.
   *
   * @throws IndexOutOfBoundsException if there is no such neuron, or no token was seen
   */
  public NeuronSummary summary(int neuron) {
    Objects.checkIndex(neuron, means.length);
    return new NeuronSummary(
        tokens,
        means[neuron],
        tokens < 2 ? Double.NaN : Math.sqrt(squares[neuron] / (tokens - 1)),
        minima[neuron],
        maxima[neuron],
        (double) fired[neuron] / tokens);
  }

  /**
   * A quantile of a neuron's activations, within one per cent of its value: the one of rank {@code
   * ⌊level·(tokens − 1)⌋}.
   *
   * @param level from 0 to 1
   * @throws IndexOutOfBoundsException if there is no such neuron, or no token was seen
   * @throws IllegalArgumentException if the level is outside
   */
  public double quantile(int neuron, double level) {
    Objects.checkIndex(neuron, means.length);
    return sketches[neuron].quantile(level);
  }
}
