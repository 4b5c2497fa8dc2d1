package org.alignment4j.core.calls;

import com.google.common.collect.ImmutableMap;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Budget;
import org.apiguardian.api.API;

/**
 * What was used and spent, summed by role. Several runs may share one, at the same time too, and
 * then share a budget: a run books a call here before it starts it and settles it when it ends, so
 * all runs together start no more calls than the budget has. Calls that failed or were given up are
 * spent. Of tokens and money a call's share is known only once it is answered: what is under way
 * when such a limit is reached is finished, and may exceed it. Thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class UsageLedger {
  private final PriceTable prices;
  private final Map<String, Usage> byRole = new LinkedHashMap<>();
  private Usage total = Usage.NONE;
  private double spent;
  private long failed;
  private long underWay;

  /** Creates an empty ledger in which everything is free. */
  public UsageLedger() {
    this(PriceTable.free());
  }

  /** Creates an empty ledger with the user's prices. */
  public UsageLedger(PriceTable prices) {
    this.prices = prices;
  }

  /**
   * Adds.
   *
   * @throws IllegalArgumentException if the price table gives a price that is negative or not
   *     finite
   */
  public void add(String role, Usage usage) {
    double price = price(role, usage);
    synchronized (this) {
      book(role, usage, price);
    }
  }

  private double price(String role, Usage usage) {
    double price = prices.price(role, usage);
    if (!(price >= 0) || Double.isInfinite(price)) {
      throw new IllegalArgumentException(
          "a price must be finite and not negative but that of role '" + role + "' was " + price);
    }
    return price;
  }

  private void book(String role, Usage usage, double price) {
    // Sums may overflow: nothing changes before all of them are known.
    Usage ofRole = byRole.getOrDefault(role, Usage.NONE).plus(usage);
    total = total.plus(usage);
    byRole.put(role, ofRole);
    spent += price;
  }

  /**
   * Books a call that is about to start, unless the budget has no room for it; one of {@link
   * #settle}, {@link #settleFailed} and {@link #release} must follow.
   *
   * @return the resource there is no more of, counting calls under way; empty when the call is
   *     booked
   */
  public synchronized Optional<String> reserve(Budget budget, Duration elapsed) {
    Optional<String> exhausted = budget.exhausted(used(failed + underWay), spent, elapsed);
    if (exhausted.isEmpty()) {
      underWay++;
    }
    return exhausted;
  }

  /** The resource that calls which have ended leave no more of; empty when there is room. */
  public synchronized Optional<String> exhausted(Budget budget, Duration elapsed) {
    return budget.exhausted(used(failed), spent, elapsed);
  }

  /**
   * A call under way was answered.
   *
   * @throws IllegalArgumentException if the price table gives a price that is negative or not
   *     finite
   */
  public void settle(String role, Usage usage) {
    double price = price(role, usage);
    synchronized (this) {
      book(role, usage, price);
      underWay--;
    }
  }

  /** A call under way failed or was given up. */
  public synchronized void settleFailed() {
    underWay--;
    failed++;
  }

  /** A booked call was not started after all. */
  public synchronized void release() {
    underWay--;
  }

  /** A call that had been given up, and counted as failed, was answered after all. */
  void settleLate(String role, Usage usage) {
    double price = price(role, usage);
    synchronized (this) {
      book(role, usage, price);
      failed--;
    }
  }

  private Usage used(long unanswered) {
    return total.plus(new Usage(unanswered, 0, 0, 0, 0, 0, Duration.ZERO));
  }

  /** Returns the sum over roles. */
  public synchronized Usage total() {
    return total;
  }

  /** Returns the sums by role, in the order in which the roles appeared. */
  public synchronized Map<String, Usage> byRole() {
    return ImmutableMap.copyOf(byRole);
  }

  /** Returns the money spent, in the currency of the price table. */
  public synchronized double spent() {
    return spent;
  }

  /**
   * Returns the calls of runs that failed or were given up; a budget counts them beside those of
   * {@link #total}.
   */
  public synchronized long failedCalls() {
    return failed;
  }
}
