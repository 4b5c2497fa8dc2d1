package org.alignment4j.oversight.market;

import org.apiguardian.api.API;

/**
 * What market maker and adversary lose in a round (Hubinger 2020, AI safety via market making).
 * Both are myopic: neither counts what follows. Pure functions.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class MarketLosses {
  private MarketLosses() {}

  /**
   * Returns the market maker's loss, {@code −p* log p − (1 − p*) log(1 − p)} in nats: least where p
   * is what the overseer comes to believe.
   *
   * @param price the market maker's probability p, in (0, 1): clip it
   * @param belief the overseer's probability p* at the end, in [0, 1]
   * @throws IllegalArgumentException if one is out of its range
   */
  public static double maker(double price, double belief) {
    requireProbability("belief", belief);
    if (!(price > 0 && price < 1)) {
      throw new IllegalArgumentException(
          "price must be in (0, 1) but was " + price + "; clip it before");
    }
    return -belief * Math.log(price) - (1 - belief) * Math.log1p(-price);
  }

  /**
   * Returns the adversary's loss, {@code −|p′ − p|}: it gains by moving the market maker, either
   * way, and not by moving the overseer.
   *
   * @param before the price before the argument
   * @param after the price after it
   * @throws IllegalArgumentException if one is no probability
   */
  public static double adversary(double before, double after) {
    requireProbability("before", before);
    requireProbability("after", after);
    return -Math.abs(after - before);
  }

  private static void requireProbability(String name, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(name + " must be in [0, 1] but was " + value);
    }
  }
}
