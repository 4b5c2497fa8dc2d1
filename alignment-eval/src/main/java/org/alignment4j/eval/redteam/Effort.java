package org.alignment4j.eval.redteam;

import java.util.Objects;
import org.alignment4j.api.model.Usage;
import org.apiguardian.api.API;

/**
 * What an attack cost.
 *
 * @param steps steps, generations or rounds
 * @param forwards forward passes of prompts with their target, as {@link WorkUnit#FORWARDS} counts
 * @param queries replies asked of the target
 * @param usage tokens and calls of all models together, as far as they tell
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Effort(long steps, long forwards, long queries, Usage usage) {

  /** Nothing was done. */
  public static final Effort NONE = new Effort(0, 0, 0, Usage.NONE);

  /**
   * Checks the counts.
   *
   * @throws IllegalArgumentException when one is negative
   */
  public Effort {
    Objects.requireNonNull(usage, "usage");
    if (steps < 0 || forwards < 0 || queries < 0) {
      throw new IllegalArgumentException(
          "steps, forwards and queries must not be negative but were "
              + steps
              + ", "
              + forwards
              + " and "
              + queries);
    }
  }

  /** Adds. */
  public Effort plus(Effort other) {
    return new Effort(
        steps + other.steps,
        forwards + other.forwards,
        queries + other.queries,
        usage.plus(other.usage));
  }

  /** Returns the work in a unit. */
  public long in(WorkUnit unit) {
    return unit == WorkUnit.FORWARDS ? forwards : queries;
  }
}
