package org.alignment4j.interp.diff;

import com.google.common.primitives.ImmutableDoubleArray;
import org.alignment4j.core.statistics.RandomDraws;
import org.apiguardian.api.API;

/**
 * Shares of a behaviour that random changes bring back.
 *
 * @param shares one for each draw
 * @param chance probability of a share as great as the part's under the draws, the part counted
 *     among them: {@code (1 + draws as great)/(1 + draws)}; never 0 (Phipson and Smyth 2010)
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RandomShares(ImmutableDoubleArray shares, double chance) {

  /** Counts the draws that are as great as a share. */
  static RandomShares of(double[] shares, double share) {
    return new RandomShares(ImmutableDoubleArray.copyOf(shares), RandomDraws.chance(shares, share));
  }

  /** The mean of the draws. */
  public double mean() {
    return shares.stream().average().orElse(Double.NaN);
  }

  /** The greatest of the draws. */
  public double greatest() {
    return shares.stream().max().orElse(Double.NaN);
  }
}
