package org.alignment4j.api.oversight;

import java.util.Objects;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ProgressListener;
import org.apiguardian.api.API;

/**
 * What a protocol is given from outside.
 *
 * @param seed where random numbers start; those of a call derive from it, the item, the round, the
 *     role and the attempt, never from the order in which calls end
 * @param budget what it may cost
 * @param progress hears how far it is
 * @param cancellation asks to stop at the next call
 */
@API(status = API.Status.STABLE, since = "0.1")
public record OversightContext(
    long seed, Budget budget, ProgressListener progress, CancellationToken cancellation) {

  /** Checks that nothing is missing. */
  public OversightContext {
    Objects.requireNonNull(budget, "budget");
    Objects.requireNonNull(progress, "progress");
    Objects.requireNonNull(cancellation, "cancellation");
  }

  /**
   * Returns a silent context without limits.
   *
   * @param seed where random numbers start
   * @return the context
   */
  public static OversightContext of(long seed) {
    return new OversightContext(
        seed, Budget.UNLIMITED, ProgressListener.none(), CancellationToken.none());
  }

  /**
   * Returns this context with a budget.
   *
   * @param limits what it may cost
   * @return the context
   */
  public OversightContext withBudget(Budget limits) {
    return new OversightContext(seed, limits, progress, cancellation);
  }

  /**
   * Returns this context with another seed.
   *
   * @param other where random numbers start
   * @return the context
   */
  public OversightContext withSeed(long other) {
    return new OversightContext(other, budget, progress, cancellation);
  }
}
