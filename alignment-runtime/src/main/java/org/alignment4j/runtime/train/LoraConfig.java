package org.alignment4j.runtime.train;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.alignment4j.runtime.architecture.ParameterNames.Part;
import org.apiguardian.api.API;

/**
 * Settings of low-rank adapters (Hu et al. 2021): a linear weight W acts as {@code W + s·B·A}.
 * Immutable and thread-safe.
 *
 * @param rank rows of A and columns of B, at least 1
 * @param alpha numerator of the scale, positive
 * @param targets linear parts of every block that get an adapter; parts the model lacks are ignored
 * @param rsLora whether {@code s = alpha/sqrt(rank)} (Kalajdzievski 2023) instead of {@code
 *     alpha/rank}
 * @param seed where the random numbers of A start
 * @param dora whether every output gets a magnitude that is trained too (DoRA, Liu et al. 2024)
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record LoraConfig(
    int rank, double alpha, Set<Part> targets, boolean rsLora, long seed, boolean dora) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when the rank is below 1, alpha is not positive and finite, or
   *     the targets are none or include a part that is no linear
   */
  public LoraConfig {
    if (rank < 1) {
      throw new IllegalArgumentException("rank must be at least 1 but was " + rank);
    }
    if (!(alpha > 0) || Double.isInfinite(alpha)) {
      throw new IllegalArgumentException("alpha must be positive and finite but was " + alpha);
    }
    // In the order of the parts: Set.copyOf's differs between processes, and so would descriptions.
    targets = targets.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(targets));
    if (targets.isEmpty() || !Lora.ADAPTABLE_PARTS.containsAll(targets)) {
      throw new IllegalArgumentException(
          "targets must be some of " + Lora.ADAPTABLE_PARTS + " but were " + targets);
    }
  }

  /**
   * Settings without magnitudes.
   *
   * @param rank rows of A and columns of B, at least 1
   * @param alpha numerator of the scale, positive
   * @param targets linear parts of every block that get an adapter
   * @param rsLora whether {@code s = alpha/sqrt(rank)} instead of {@code alpha/rank}
   * @param seed where the random numbers of A start
   */
  public LoraConfig(int rank, double alpha, Set<Part> targets, boolean rsLora, long seed) {
    this(rank, alpha, targets, rsLora, seed, false);
  }

  /**
   * Returns these settings with another alpha.
   *
   * @param newAlpha numerator of the scale
   * @return new settings
   * @throws IllegalArgumentException when it is not positive and finite
   */
  public LoraConfig alpha(double newAlpha) {
    return new LoraConfig(rank, newAlpha, targets, rsLora, seed, dora);
  }

  /**
   * Returns these settings with other targets.
   *
   * @param parts linear parts of every block, each once
   * @return new settings
   * @throws IllegalArgumentException when there is none, one is no linear or occurs twice
   */
  public LoraConfig targets(Part... parts) {
    return new LoraConfig(rank, alpha, Set.of(parts), rsLora, seed, dora);
  }

  /**
   * Returns these settings with the scale {@code alpha/sqrt(rank)}.
   *
   * @return new settings
   */
  public LoraConfig rankStabilised() {
    return new LoraConfig(rank, alpha, targets, true, seed, dora);
  }

  /**
   * Returns these settings with a trained magnitude for every output (DoRA).
   *
   * @return new settings
   */
  public LoraConfig weightDecomposed() {
    return new LoraConfig(rank, alpha, targets, rsLora, seed, true);
  }

  /**
   * Returns these settings with another seed.
   *
   * @param newSeed any number
   * @return new settings
   */
  public LoraConfig seed(long newSeed) {
    return new LoraConfig(rank, alpha, targets, rsLora, newSeed, dora);
  }

  /**
   * Returns the factor s.
   *
   * @return {@code alpha/rank} or {@code alpha/sqrt(rank)}
   */
  public double scale() {
    return alpha / (rsLora ? Math.sqrt(rank) : rank);
  }
}
