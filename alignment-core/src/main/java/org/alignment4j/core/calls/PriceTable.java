package org.alignment4j.core.calls;

import org.alignment4j.api.model.Usage;
import org.apiguardian.api.API;

/** The user's prices. Safe for concurrent calls. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@FunctionalInterface
public interface PriceTable {
  /** A table in which everything is free. */
  PriceTable FREE = (role, usage) -> 0;

  /**
   * Returns what usage costs.
   *
   * @param role whose calls, such as {@code judge}
   * @param usage what was used
   * @return money in the user's currency, not negative
   */
  double price(String role, Usage usage);

  /** Returns the table in which everything is free. */
  static PriceTable free() {
    return FREE;
  }
}
