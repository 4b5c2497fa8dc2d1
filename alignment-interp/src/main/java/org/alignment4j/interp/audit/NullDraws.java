package org.alignment4j.interp.audit;

import com.google.common.primitives.ImmutableDoubleArray;
import org.apiguardian.api.API;

/**
 * A figure as it comes out where there is nothing to find, by repeated draws.
 *
 * @param draws the figure of each draw
 * @param chance probability of a figure as great as the audited one under the draws, that one
 *     counted among them: {@code (1 + draws as great)/(1 + draws)} (Phipson and Smyth 2010)
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record NullDraws(ImmutableDoubleArray draws, double chance) {

  static NullDraws of(double[] draws, double figure) {
    int asGreat = 0;
    for (double drawn : draws) {
      asGreat += drawn >= figure ? 1 : 0;
    }
    return new NullDraws(ImmutableDoubleArray.copyOf(draws), (1.0 + asGreat) / (1 + draws.length));
  }

  /** The mean of the draws. */
  public double mean() {
    return draws.stream().average().orElse(Double.NaN);
  }

  /** The greatest of the draws. */
  public double greatest() {
    return draws.stream().max().orElse(Double.NaN);
  }
}
