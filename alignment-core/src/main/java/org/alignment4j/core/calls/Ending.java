package org.alignment4j.core.calls;

/** Why a run starts no more calls, and until when it waits for those under way. Not thread-safe. */
final class Ending {
  private static final String CANCELLED = "cancelled";
  private static final String BUDGET = "budget: ";

  private final long graceNanos;
  private String reason = "";
  private boolean interrupted;
  private long giveUpAt = Long.MAX_VALUE;

  Ending(long graceNanos) {
    this.graceNanos = graceNanos;
  }

  /** Whether there is a reason; the first one stays, unless the run is cancelled later. */
  boolean decided() {
    return !reason.isEmpty();
  }

  /** The reason as the report gives it; empty when there is none. */
  String reason() {
    return reason;
  }

  /** When calls under way are given up; {@code Long.MAX_VALUE} for never. */
  long giveUpAt() {
    return giveUpAt;
  }

  void budgetUsedUp(String resource) {
    decide(BUDGET + resource);
  }

  void tooManyFailures(long failed, long finished) {
    decide("failures: " + failed + " of " + finished);
  }

  private void decide(String why) {
    if (!decided()) {
      reason = why;
    }
  }

  void cancel(long now) {
    if (!cancelled()) {
      reason = CANCELLED;
      giveUpAt = Math.min(giveUpAt, Nanos.after(now, graceNanos));
    }
  }

  void interrupt(long now) {
    if (interrupted) {
      // Asked twice: do not wait any longer.
      giveUpAt = now;
    }
    interrupted = true;
    cancel(now);
  }

  boolean cancelled() {
    return reason.equals(CANCELLED);
  }

  boolean interrupted() {
    return interrupted;
  }

  /** How a run that was cancelled ended, for its message. */
  String manner() {
    return interrupted ? "interrupted" : CANCELLED;
  }

  /** The reason why a run is incomplete: none when the last answer used up the budget. */
  String incompleteness(long missing) {
    return reason.startsWith(BUDGET) && missing == 0 ? "" : reason;
  }
}
