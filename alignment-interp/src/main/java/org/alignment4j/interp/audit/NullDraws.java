package org.alignment4j.interp.audit;

import com.google.common.primitives.ImmutableDoubleArray;
import org.alignment4j.core.statistics.RandomDraws;
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
    return new NullDraws(ImmutableDoubleArray.copyOf(draws), RandomDraws.chance(draws, figure));
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
