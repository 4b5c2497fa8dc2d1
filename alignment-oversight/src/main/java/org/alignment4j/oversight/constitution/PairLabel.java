package org.alignment4j.oversight.constitution;

import java.util.Objects;
import java.util.OptionalDouble;
import org.alignment4j.api.BudgetExceededException;
import org.alignment4j.api.model.Usage;
import org.apiguardian.api.API;

/**
 * How two answers compare by one principle, judged in both orders.
 *
 * @param given the probability that the first answer is better, shown first; empty without verdict
 * @param swapped the probability that the first answer is better, shown second; empty without
 *     verdict
 * @param bounds what the label is clamped to
 * @param usage what both orders cost
 * @param incomplete why one order or both were not judged to their end, such as {@code budget:
 *     calls}; empty when they were
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record PairLabel(
    OptionalDouble given, OptionalDouble swapped, Bounds bounds, Usage usage, String incomplete) {
  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if a probability is outside [0, 1]
   */
  public PairLabel {
    Objects.requireNonNull(bounds, "bounds");
    Objects.requireNonNull(usage, "usage");
    Objects.requireNonNull(incomplete, "incomplete");
    requireProbability("given", given);
    requireProbability("swapped", swapped);
  }

  /**
   * Returns what both orders came to.
   *
   * @throws IllegalArgumentException if a probability is outside [0, 1]
   */
  public PairLabel(OptionalDouble given, OptionalDouble swapped, Bounds bounds, Usage usage) {
    this(given, swapped, bounds, usage, "");
  }

  /** Returns the label of a comparison that a budget ended: none, but what it cost. */
  static PairLabel stopped(Bounds bounds, Usage usage, BudgetExceededException limit) {
    return new PairLabel(
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        bounds,
        usage,
        "budget: " + limit.resource());
  }

  private static void requireProbability(String name, OptionalDouble value) {
    if (!(value.orElse(0) >= 0 && value.orElse(0) <= 1)) {
      throw new IllegalArgumentException(
          name + " must be in [0, 1] but was " + value.getAsDouble());
    }
  }

  /**
   * Returns the label, {@code clamp(½·(given + swapped))} (Lee et al. 2023, section 2.1.1).
   *
   * @return the probability that the first answer is better; empty when one order has no verdict
   */
  public OptionalDouble firstIsBetter() {
    return given.isPresent() && swapped.isPresent()
        ? OptionalDouble.of(bounds.clamp((given.getAsDouble() + swapped.getAsDouble()) / 2))
        : OptionalDouble.empty();
  }

  /**
   * Returns how far the orders disagree, {@code |p_AB − (1 − p_BA)|}, where p_AB and p_BA are the
   * probabilities of the answer shown first: 0 for a judge who minds the answers alone, 1 for one
   * who minds the place alone.
   *
   * @return the disagreement before clamping; empty when one order has no verdict
   */
  public OptionalDouble disagreement() {
    return given.isPresent() && swapped.isPresent()
        ? OptionalDouble.of(Math.abs(given.getAsDouble() - swapped.getAsDouble()))
        : OptionalDouble.empty();
  }

  /** Whether both orders have a verdict and prefer the answer in the same place. */
  public boolean samePlace() {
    return given.isPresent()
        && swapped.isPresent()
        && (given.getAsDouble() - 0.5) * (swapped.getAsDouble() - 0.5) < 0;
  }
}
