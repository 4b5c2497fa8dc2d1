package org.alignment4j.core.calls;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Budget;

/** What a run has used of its budget. Not thread-safe, but its ledger may be shared. */
final class Spending<O> {
  private final Budget budget;
  private final UsageLedger ledger;
  private final String role;
  private final Function<? super O, Usage> usage;
  private final long began;
  private long failedAttempts;

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
   * A call was answered.
   *
   * @param attempts how many it took
   */
  void answered(O answer, int attempts) {
    Usage retries = new Usage(0, 0, 0, 0, 0, attempts - 1, Duration.ZERO);
    ledger.add(role, usage.apply(answer).plus(retries));
  }

  /** A call that had been given up, and counted as failed, was answered: it was paid for. */
  void answeredLate(O answer) {
    failedAttempts--;
    ledger.add(role, usage.apply(answer));
  }

  /** An attempt failed: it counts as a call although the ledger does not have it. */
  void attemptFailed() {
    failedAttempts++;
  }

  /** The limit that leaves no room for another call, or empty. */
  Optional<String> exhausted(long now) {
    return budget.exhausted(used(0), ledger.spent(), Duration.ofNanos(now - began));
  }

  /** Whether another call may be started beside those under way. */
  boolean callsLeft(long underWay) {
    return budget.calls().isEmpty() || used(underWay).calls() < budget.calls().getAsLong();
  }

  /** Usage as the budget sees it: every attempt made is a call, and so is each under way. */
  private Usage used(long underWay) {
    return ledger.total().plus(new Usage(failedAttempts + underWay, 0, 0, 0, 0, 0, Duration.ZERO));
  }
}
