package org.alignment4j.oversight.market;

import org.apiguardian.api.API;

/**
 * How long a market runs and how much is said.
 *
 * @param maxRounds most arguments
 * @param epsilon a price that moves by less is at rest
 * @param atRest how many moves in a row must be less for the market to end
 * @param clip prices are kept from it to one less it
 * @param draws how many arguments the adversary tries, of which the most moving is made
 * @param maxWords where arguments are cut
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record MarketRules(
    int maxRounds, double epsilon, int atRest, double clip, int draws, int maxWords) {
  /** Eight rounds, rest at moves below 0.02 twice in a row, prices from 0.001, four draws. */
  public static final MarketRules DEFAULT = new MarketRules(8, 0.02, 2, 0.001, 4, 150);

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if a count is less than 1, epsilon is not positive or the clip
   *     not in (0, ½)
   */
  public MarketRules {
    if (maxRounds < 1 || atRest < 1 || draws < 1 || maxWords < 1) {
      throw new IllegalArgumentException(
          "maxRounds, atRest, draws and maxWords must be at least 1 but were "
              + maxRounds
              + ", "
              + atRest
              + ", "
              + draws
              + " and "
              + maxWords);
    }
    if (!(epsilon > 0) || !(clip > 0 && clip < 0.5)) {
      throw new IllegalArgumentException(
          "epsilon must be positive and clip in (0, 0.5) but they were "
              + epsilon
              + " and "
              + clip);
    }
  }

  /** Returns these rules with another number of rounds. */
  public MarketRules withMaxRounds(int count) {
    return new MarketRules(count, epsilon, atRest, clip, draws, maxWords);
  }

  /** Returns these rules with another number of draws. */
  public MarketRules withDraws(int count) {
    return new MarketRules(maxRounds, epsilon, atRest, clip, count, maxWords);
  }

  double clipped(double price) {
    return Math.max(clip, Math.min(1 - clip, price));
  }
}
