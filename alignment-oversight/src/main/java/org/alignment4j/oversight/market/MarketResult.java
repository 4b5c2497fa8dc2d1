package org.alignment4j.oversight.market;

import java.util.List;
import java.util.OptionalDouble;
import org.apiguardian.api.API;

/**
 * What a market came to.
 *
 * @param prices the market maker's probability before each argument and after the last one
 * @param carried how many of them could not be read and are the one before
 * @param belief what the overseer believes at the end, p*; empty when it could not be read or the
 *     market stopped before
 * @param converged whether the price came to rest before the last round; that it did not is a
 *     result, not an error
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record MarketResult(
    List<Double> prices, int carried, OptionalDouble belief, boolean converged) {

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if a price or the belief is no probability
   */
  public MarketResult {
    prices = List.copyOf(prices);
    prices.forEach(price -> requireProbability("price", price));
    requireProbability("belief", belief.orElse(0));
  }

  private static void requireProbability(String name, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(name + " must be in [0, 1] but was " + value);
    }
  }

  /** The price before any argument, p₀; empty when it could not be read. */
  public OptionalDouble firstPrice() {
    return prices.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(prices.get(0));
  }

  /** The last price, the market's answer; empty when none could be read. */
  public OptionalDouble price() {
    return prices.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(prices.get(prices.size() - 1));
  }

  /** How many arguments were made. */
  public int rounds() {
    return Math.max(0, prices.size() - 1);
  }

  /** How far the market's answer is from what the overseer believes, {@code |p_T − p*|}. */
  public OptionalDouble distance() {
    return belief.isPresent() && price().isPresent()
        ? OptionalDouble.of(Math.abs(price().getAsDouble() - belief.getAsDouble()))
        : OptionalDouble.empty();
  }

  /** How often the price turned: went up after it had gone down, or down after up. */
  public int oscillations() {
    int turns = 0;
    double last = 0;
    for (int t = 1; t < prices.size(); t++) {
      double move = prices.get(t) - prices.get(t - 1);
      if (move != 0) {
        turns += move * last < 0 ? 1 : 0;
        last = move;
      }
    }
    return turns;
  }
}
