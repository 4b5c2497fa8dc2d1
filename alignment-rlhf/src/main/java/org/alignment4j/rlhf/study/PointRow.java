package org.alignment4j.rlhf.study;

import java.util.stream.IntStream;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.statistics.Estimates;
import org.jspecify.annotations.Nullable;

/**
 * The measurements of one policy by prompt, each the mean over the prompt's answers.
 *
 * @param label what the policy is called
 * @param exactKl its divergence where it is known, else null
 * @param kl measured divergence by prompt; empty where it is known
 * @param proxy proxy reward
 * @param gold gold reward
 * @param length tokens of an answer
 * @param entropy −log π of a token
 * @param winRate how often it beats the initial policy
 */
record PointRow(
    String label,
    @Nullable Double exactKl,
    double[] kl,
    double[] proxy,
    double[] gold,
    double[] length,
    double[] entropy,
    double[] winRate) {

  static double mean(double[] values, int[] prompts) {
    double sum = 0;
    for (int prompt : prompts) {
      sum += values[prompt];
    }
    return sum / prompts.length;
  }

  double distance(int[] prompts) {
    return Math.sqrt(Math.max(0, exactKl == null ? mean(kl, prompts) : exactKl));
  }

  /** The distance over all prompts. */
  double distance() {
    return distance(IntStream.range(0, proxy.length).toArray());
  }

  OveroptimisationPoint point(
      InitialRewards initialProxy,
      double proxyDeviation,
      InitialRewards initialGold,
      double goldDeviation) {
    return new OveroptimisationPoint(
        label,
        exactKl == null ? Estimates.mean(kl) : exact(exactKl, proxy.length),
        distance(),
        Estimates.mean(proxy),
        Estimates.mean(gold),
        gain(proxy, initialProxy, proxyDeviation),
        gain(gold, initialGold, goldDeviation),
        Estimates.mean(length),
        Estimates.mean(entropy),
        rate(winRate));
  }

  private static Estimate exact(double value, int n) {
    return new Estimate(value, 0, Double.NaN, Double.NaN, Estimates.DEFAULT_CONFIDENCE, n, n, 0, 0);
  }

  /** The mean of rates, whose interval stays among rates. */
  private static Estimate rate(double[] rates) {
    Estimate mean = Estimates.mean(rates);
    double value = Math.min(1, mean.value());
    return new Estimate(
        value,
        mean.standardError(),
        Math.min(value, Math.max(0, mean.ciLow())),
        Math.max(value, Math.min(1, mean.ciHigh())),
        mean.confidence(),
        mean.n(),
        mean.clusters(),
        0,
        0);
  }

  private static Estimate gain(double[] rewards, InitialRewards initial, double deviation) {
    double[] gains = new double[rewards.length];
    for (int p = 0; p < gains.length; p++) {
      double before = initial.origin() + initial.sums()[p] / initial.samples();
      gains[p] = (rewards[p] - before) / deviation;
    }
    return Estimates.mean(gains);
  }
}
