package org.alignment4j.oversight.call;

import org.alignment4j.api.model.Usage;

/** Calls that are booked together before they start and settled one by one. For one thread. */
final class Booking {
  private final RecordedCalls calls;
  private final String role;
  private int open;

  /**
   * Books calls, all or none.
   *
   * @throws org.alignment4j.api.BudgetExceededException if there is no room for all of them
   */
  Booking(RecordedCalls calls, String role, int count) {
    calls.reserve(role, count);
    this.calls = calls;
    this.role = role;
    this.open = count;
  }

  void answered(Usage usage) {
    calls.ledger().settle(role, usage);
    open--;
  }

  void failed() {
    calls.ledger().settleFailed();
    open--;
  }

  /** Whatever is not settled yet has failed. */
  void restFailed() {
    while (open > 0) {
      failed();
    }
  }

  /** Whatever is not settled yet was not started. */
  void restNotStarted() {
    for (; open > 0; open--) {
      calls.ledger().release();
    }
  }
}
