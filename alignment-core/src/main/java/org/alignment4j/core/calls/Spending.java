package org.alignment4j.core.calls;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Budget;

/** What a run may still use of its budget. Not thread-safe, but its ledger may be shared. */
final class Spending<O> {
  private final Budget budget;
  private final UsageLedger ledger;
  private final String role;
  private final Function<? super O, Usage> usage;
  private final long began;

  Spending(
      Budget budget,
      UsageLedger ledger,
      String role,
      Function<? super O, Usage> usage,
      long began) {
    this.budget = budget;
    this.ledger = ledger;
    this.role = role;
    this.usage = usage;
    this.began = began;
  }

  /**
   * Books an attempt that is about to start.
   *
   * @return the resource there is no more of, counting what is under way in this run and in others;
   *     empty when the attempt is booked
   */
  Optional<String> reserve(long now) {
    return ledger.reserve(budget, elapsed(now));
  }

  /**
   * An attempt was answered.
   *
   * @param attempts how many it took
   */
  void answered(O answer, int attempts) {
    boolean settled = false;
    try {
      Usage retries = new Usage(0, 0, 0, 0, 0, attempts - 1, Duration.ZERO);
      ledger.settle(role, usage.apply(answer).plus(retries));
      settled = true;
    } finally {
      if (!settled) {
        // The reader of usage or the price table failed: the call was made all the same.
        ledger.settleFailed();
      }
    }
  }

  /** An attempt that had been given up, and counted as failed, was answered: it was paid for. */
  void answeredLate(O answer) {
    ledger.settleLate(role, usage.apply(answer));
  }

  /** An attempt failed or was given up. */
  void attemptFailed() {
    ledger.settleFailed();
  }

  /** The limit that leaves no room for another call, or empty. */
  Optional<String> exhausted(long now) {
    return ledger.exhausted(budget, elapsed(now));
  }

  private Duration elapsed(long now) {
    return Duration.ofNanos(now - began);
  }
}
