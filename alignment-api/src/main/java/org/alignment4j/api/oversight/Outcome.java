package org.alignment4j.api.oversight;

import java.util.Objects;
import java.util.Optional;
import org.alignment4j.api.BudgetExceededException;
import org.alignment4j.api.model.Usage;
import org.apiguardian.api.API;

/**
 * What a protocol came to on one question.
 *
 * @param verdict the result
 * @param transcript how it came about
 * @param usage what all roles cost together, attempts thrown away included
 * @param incomplete why the protocol stopped early, such as {@code budget: tokens}; empty when it
 *     did not
 * @param <V> the kind of result, such as {@link Verdict}
 */
@API(status = API.Status.STABLE, since = "0.1")
public record Outcome<V>(V verdict, Transcript transcript, Usage usage, String incomplete) {

  private static final String BUDGET = "budget: ";

  /** Checks that nothing is missing. */
  public Outcome {
    Objects.requireNonNull(verdict, "verdict");
    Objects.requireNonNull(transcript, "transcript");
    Objects.requireNonNull(usage, "usage");
    Objects.requireNonNull(incomplete, "incomplete");
  }

  /**
   * Returns the outcome of a protocol that a budget ended.
   *
   * @param verdict the result so far
   * @param transcript how it came about
   * @param usage what all roles cost together
   * @param limit what ran out
   * @param <V> the kind of result
   * @return the outcome, incomplete for the budget's sake
   */
  public static <V> Outcome<V> stopped(
      V verdict, Transcript transcript, Usage usage, BudgetExceededException limit) {
    return new Outcome<>(verdict, transcript, usage, BUDGET + limit.resource());
  }

  /**
   * Returns what of the budget ran out, such as {@code tokens}.
   *
   * @return the resource; empty when no budget stopped the protocol
   */
  public Optional<String> exhausted() {
    return incomplete.startsWith(BUDGET)
        ? Optional.of(incomplete.substring(BUDGET.length()))
        : Optional.empty();
  }

  /**
   * Returns whether the protocol ran to its end.
   *
   * @return true when nothing stopped it early
   */
  public boolean complete() {
    return incomplete.isEmpty();
  }
}
