package org.alignment4j.rlhf.study;

import java.util.Arrays;
import java.util.List;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.statistics.Estimates;

/**
 * How far the last of several policies lies below the best of them, θ = μ_last − max_i μ_i ≤ 0,
 * where the best is not known but for the same noisy measurements.
 *
 * <p>The value is cross-fitted: the best policy is chosen on every other prompt and compared with
 * the last on the rest, and the other way round, so that its expectation is not below θ. It is the
 * mean over prompts, kept inside the interval.
 *
 * <p>Since θ is the smallest of the differences δ_i = μ_last − μ_i and 0, with the measured
 * differences d_i over n prompts and their standard errors s_i, against m other policies, the
 * interval is
 *
 * <pre>{@code [min_i min(0, d_i − t(n−1, 1−a)·s_i), min_i min(0, d_i + t(n−1, 1−a/m)·s_i)]}</pre>
 *
 * with a = 0.025. Above it is Bonferroni's simultaneous bound (Dunn 1961, Journal of the American
 * Statistical Association 56:52), since any of the m comparisons may be the one that is reported.
 * Below, the one difference that is θ must be missed, whichever it is, so that nothing needs to be
 * allowed for (Berger 1982, Technometrics 24:295). Each side is missed with a probability of at
 * most a, whatever the dependence between policies. An interval of the cross-fitted mean itself
 * would not do: both halves tend to choose the same policy by the same luck, so that they are
 * correlated.
 */
final class GoldFall {

  private static final double MISSED = 1 - Estimates.DEFAULT_CONFIDENCE;

  private GoldFall() {}

  /**
   * Estimates θ.
   *
   * @param policies by policy and prompt, the last of them at the end
   */
  static Estimate of(List<double[]> policies) {
    double[] last = policies.get(policies.size() - 1);
    List<double[]> others = policies.subList(0, policies.size() - 1);
    double low = 0;
    double high = 0;
    for (double[] other : others) {
      double[] differences = differences(last, other);
      // Measurements that are the same everywhere, as of the same policy, have no interval.
      if (Arrays.stream(differences).anyMatch(d -> d != 0)) {
        low = Math.min(low, Estimates.mean(differences).ciLow());
        high = Math.min(high, Estimates.mean(differences, 1 - MISSED / others.size()).ciHigh());
      }
    }
    double[] best = new double[last.length];
    for (int half = 0; half < 2; half++) {
      double[] chosen = policies.get(best(policies, 1 - half));
      for (int p = half; p < best.length; p += 2) {
        best[p] = chosen[p];
      }
    }
    Estimate fall = Estimates.mean(differences(last, best));
    // Math.max and Math.min would make NaN of a value without interval.
    double value = fall.value() < low ? low : fall.value() > high ? high : fall.value();
    return new Estimate(
        value,
        fall.standardError(),
        low,
        high,
        fall.confidence(),
        fall.n(),
        fall.clusters(),
        fall.unscored(),
        fall.failed());
  }

  /** The policy of the highest sum over a half of the prompts, the last of equals. */
  private static int best(List<double[]> policies, int half) {
    int best = -1;
    double highest = Double.NEGATIVE_INFINITY;
    for (int i = policies.size() - 1; i >= 0; i--) {
      double[] values = policies.get(i);
      double sum = 0;
      for (int p = half; p < values.length; p += 2) {
        sum += values[p];
      }
      if (best < 0 || sum > highest) {
        best = i;
        highest = sum;
      }
    }
    return best;
  }

  private static double[] differences(double[] one, double[] other) {
    double[] differences = new double[one.length];
    Arrays.setAll(differences, p -> one[p] - other[p]);
    return differences;
  }
}
