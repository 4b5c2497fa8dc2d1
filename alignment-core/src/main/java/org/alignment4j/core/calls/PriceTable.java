package org.alignment4j.core.calls;

import org.alignment4j.api.model.Usage;
import org.apiguardian.api.API;

/** The user's prices. Safe for concurrent calls. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@FunctionalInterface
public interface PriceTable {

  /**
   * Returns what usage costs.
   *
   * @param role whose calls, such as {@code judge}
   * @param usage what was used
   * @return money in the user's currency, not negative
   */
  double price(String role, Usage usage);

  /** Returns a table in which everything is free. */
  static PriceTable free() {
    return (role, usage) -> 0;
  }
}
