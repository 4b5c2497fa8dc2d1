package org.alignment4j.eval.declared;

import java.util.List;
import org.alignment4j.api.evaluation.Estimate;
import org.apiguardian.api.API;

/** The mean of estimates of groups, each group counting alike whatever its size. Pure functions. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class MacroMean {

  private MacroMean() {}

  /**
   * Returns the mean over independent groups. The interval is the square-and-add interval of the
   * groups' own ({@code L = x̄ − √Σ(xᵢ − lᵢ)²/G}, {@code U = x̄ + √Σ(uᵢ − xᵢ)²/G}: Zou and Donner
   * 2008, Statistics in Medicine 27:1693), which is not empty where all groups are at 0 or 1.
   *
   * @param groups an estimate of each group, all at one level; those that observed nothing are left
   *     out
   * @return the mean; NaN with {@code n = 0} of nothing; without interval when a group has none
   * @throws IllegalArgumentException when there is no group
   */
  public static Estimate of(List<Estimate> groups) {
    if (groups.isEmpty()) {
      throw new IllegalArgumentException("groups must not be empty");
    }
    double sum = 0;
    double variance = 0;
    double below = 0;
    double above = 0;
    long n = 0;
    long clusters = 0;
    long unscored = 0;
    long failed = 0;
    int seen = 0;
    for (Estimate group : groups) {
      unscored += group.unscored();
      failed += group.failed();
      if (group.n() > 0) {
        seen++;
        n += group.n();
        clusters += group.clusters();
        sum += group.value();
        variance += group.standardError() * group.standardError();
        below += square(group.value() - group.ciLow());
        above += square(group.ciHigh() - group.value());
      }
    }
    double mean = seen == 0 ? Double.NaN : sum / seen;
    return new Estimate(
        mean,
        seen == 0 ? Double.NaN : Math.sqrt(variance) / seen,
        seen == 0 ? Double.NaN : mean - Math.sqrt(below) / seen,
        seen == 0 ? Double.NaN : mean + Math.sqrt(above) / seen,
        groups.get(0).confidence(),
        n,
        clusters,
        unscored,
        failed);
  }

  private static double square(double x) {
    return x * x;
  }
}
