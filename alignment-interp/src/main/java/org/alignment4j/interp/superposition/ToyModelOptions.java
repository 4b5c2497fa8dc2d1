package org.alignment4j.interp.superposition;

import com.google.common.primitives.ImmutableDoubleArray;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.apiguardian.api.API;

/**
 * Toy models that differ only in how sparse their features are. Immutable.
 *
 * @param features number of features, {@code n}
 * @param hidden number of dimensions, {@code m}
 * @param importance weight of each feature's error, {@code [n]}, not negative
 * @param sparsities {@code S} of each instance, the probability that a feature is zero, in [0, 1)
 * @param distribution how features occur together
 * @param relu whether there is a relu
 * @param batch inputs of an update
 * @param steps updates
 * @param learningRate of AdamW, constant
 * @param seed of weights and inputs
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ToyModelOptions(
    int features,
    int hidden,
    ImmutableDoubleArray importance,
    ImmutableDoubleArray sparsities,
    FeatureDistribution distribution,
    boolean relu,
    int batch,
    int steps,
    double learningRate,
    long seed) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when one is out of range
   */
  public ToyModelOptions {
    positive("features", features);
    positive("hidden", hidden);
    positive("batch", batch);
    positive("steps", steps);
    if (!(learningRate > 0)) {
      throw new IllegalArgumentException("learningRate must be positive but was " + learningRate);
    }
    if (importance.length() != features) {
      throw new IllegalArgumentException(
          "importance must have " + features + " numbers but has " + importance.length());
    }
    importance.forEach(
        value -> {
          if (!(value >= 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(
                "importance must be finite and not negative but one was " + value);
          }
        });
    if (sparsities.isEmpty()) {
      throw new IllegalArgumentException("sparsities must not be empty");
    }
    double least = distribution == FeatureDistribution.ANTICORRELATED_PAIRS ? 0.5 : 0;
    sparsities.forEach(
        value -> {
          if (!(value >= least && value < 1)) {
            throw new IllegalArgumentException(
                "sparsities must be in ["
                    + least
                    + ", 1) but one was "
                    + value
                    + "; at 1 there is nothing to learn from");
          }
        });
  }

  private static void positive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be positive but was " + value);
    }
  }

  /**
   * Returns the models of the paper's first figures: 5 features in 2 dimensions, importance {@code
   * 0.9^i}, features as frequent as {@code 20^(−t)} for 8 even {@code t} from 0 to 1, 1024 inputs
   * an update, 10000 updates of rate 1e-3.
   *
   * @return the options
   */
  public static ToyModelOptions twoDimensions() {
    return of(5, 2, 0.9, 8, 10_000);
  }

  /**
   * Returns the models of the figure of features represented against sparsity: 20 features in 5
   * dimensions, importance {@code 0.7^i}, and otherwise as {@link #twoDimensions}.
   *
   * @return the options
   */
  public static ToyModelOptions twentyFeatures() {
    return of(20, 5, 0.7, 8, 10_000);
  }

  private static ToyModelOptions of(
      int features, int hidden, double decay, int instances, int steps) {
    return new ToyModelOptions(
        features,
        hidden,
        ImmutableDoubleArray.copyOf(
            IntStream.range(0, features).mapToDouble(i -> Math.pow(decay, i))),
        ImmutableDoubleArray.copyOf(
            IntStream.range(0, instances)
                .mapToDouble(i -> 1 - Math.pow(20, -(double) i / (instances - 1)))),
        FeatureDistribution.INDEPENDENT,
        true,
        1024,
        steps,
        1e-3,
        0);
  }

  /**
   * Returns the same with other sparsities.
   *
   * @param other {@code S} of each instance
   * @return new options
   */
  public ToyModelOptions sparsities(double... other) {
    return new ToyModelOptions(
        features,
        hidden,
        importance,
        ImmutableDoubleArray.copyOf(other),
        distribution,
        relu,
        batch,
        steps,
        learningRate,
        seed);
  }

  /**
   * Returns the same with other importances.
   *
   * @param other weight of each feature's error
   * @return new options
   */
  public ToyModelOptions importance(double... other) {
    return new ToyModelOptions(
        features,
        hidden,
        ImmutableDoubleArray.copyOf(DoubleStream.of(other)),
        sparsities,
        distribution,
        relu,
        batch,
        steps,
        learningRate,
        seed);
  }

  /**
   * Returns the same with another training.
   *
   * @param ofUpdate inputs of an update
   * @param updates updates
   * @param rate of AdamW
   * @return new options
   */
  public ToyModelOptions training(int ofUpdate, int updates, double rate) {
    return new ToyModelOptions(
        features,
        hidden,
        importance,
        sparsities,
        distribution,
        relu,
        ofUpdate,
        updates,
        rate,
        seed);
  }

  /**
   * Returns the same with features that occur otherwise.
   *
   * @param together how they occur together
   * @param withRelu whether there is a relu
   * @return new options
   */
  public ToyModelOptions model(FeatureDistribution together, boolean withRelu) {
    return new ToyModelOptions(
        features,
        hidden,
        importance,
        sparsities,
        together,
        withRelu,
        batch,
        steps,
        learningRate,
        seed);
  }

  /**
   * Returns the same with another seed.
   *
   * @param other the seed
   * @return new options
   */
  public ToyModelOptions seed(long other) {
    return new ToyModelOptions(
        features,
        hidden,
        importance,
        sparsities,
        distribution,
        relu,
        batch,
        steps,
        learningRate,
        other);
  }
}
