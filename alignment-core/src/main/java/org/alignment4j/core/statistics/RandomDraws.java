package org.alignment4j.core.statistics;

import org.apiguardian.api.API;

/**
 * How likely a figure is among those of random draws (Phipson and Smyth 2010, "Permutation p-values
 * should never be zero"). Pure functions.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class RandomDraws {

  /** What rounding of {@code 1 − confidence} may add. */
  private static final double ROUNDING = 1e-12;

  private RandomDraws() {}

  /**
   * Probability of a figure as great as one under draws, that one counted among them.
   *
   * @param draws the figure of each draw
   * @param figure the figure in question
   * @return {@code (1 + draws as great)/(1 + draws)}, in (0, 1]
   */
  public static double chance(double[] draws, double figure) {
    int asGreat = 0;
    for (double drawn : draws) {
      asGreat += drawn >= figure ? 1 : 0;
    }
    return (1.0 + asGreat) / (1 + draws.length);
  }

  /**
   * Whether a chance is no greater than the share of times that an interval errs.
   *
   * @param chance as {@link #chance} gives it
   * @param confidence of the interval, in (0, 1)
   * @return {@code chance ≤ 1 − confidence}, up to rounding
   */
  public static boolean rejects(double chance, double confidence) {
    return chance <= 1 - confidence + ROUNDING;
  }

  /**
   * Refuses draws that are too few for any figure to be told from them.
   *
   * @param draws how many there will be
   * @param confidence that is asked for, in (0, 1)
   * @param name of the draws, for the message
   * @throws IllegalArgumentException when even none as great as the figure would not reject
   */
  public static void requireEnough(int draws, double confidence, String name) {
    if (!rejects(1.0 / (1 + draws), confidence)) {
      throw new IllegalArgumentException(
          "%s must be at least %s for a confidence of %s but were %s: fewer can never tell a figure from chance"
              .formatted(name, least(confidence), confidence, draws));
    }
  }

  private static int least(double confidence) {
    int draws = (int) Math.floor(1 / (1 - confidence)) - 2;
    draws = Math.max(draws, 0);
    while (!rejects(1.0 / (1 + draws), confidence)) {
      draws++;
    }
    return draws;
  }
}
