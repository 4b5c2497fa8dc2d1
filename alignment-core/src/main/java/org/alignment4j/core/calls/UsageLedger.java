package org.alignment4j.core.calls;

import com.google.common.collect.ImmutableMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.alignment4j.api.model.Usage;
import org.apiguardian.api.API;

/**
 * What was used and spent, summed by role. Several runs may share one, and then share a budget too.
 * Thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class UsageLedger {
  private final PriceTable prices;
  private final Map<String, Usage> byRole = new LinkedHashMap<>();
  private Usage total = Usage.NONE;
  private double spent;

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
    double price = prices.price(role, usage);
    if (!(price >= 0) || Double.isInfinite(price)) {
      throw new IllegalArgumentException(
          "a price must be finite and not negative but that of role '" + role + "' was " + price);
    }
    synchronized (this) {
      byRole.merge(role, usage, Usage::plus);
      total = total.plus(usage);
      spent += price;
    }
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
}
