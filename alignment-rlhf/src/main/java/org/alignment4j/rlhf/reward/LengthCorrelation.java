package org.alignment4j.rlhf.reward;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.statistics.Estimates;

/**
 * Correlations of rewards with lengths. The intervals take answers of one pair to tell no more than
 * one of them would, since they share their prompt: they count pairs, not answers.
 */
final class LengthCorrelation {

  private LengthCorrelation() {}

  /** Pearson's coefficient with Fisher's interval (Fisher 1921): {@code tanh(artanh r ± z·SE)}. */
  static Estimate pearson(double[] rewards, double[] lengths, int pairs) {
    double r = coefficient(rewards, lengths);
    return estimate(r, 1 / Math.sqrt(pairs - 3.0), rewards.length, pairs);
  }

  /**
   * Spearman's coefficient, ties at their mean rank, with the interval of Bonett and Wright (2000):
   * as Fisher's but with the variance {@code (1 + r²/2)/(n − 3)}.
   */
  static Estimate spearman(double[] rewards, double[] lengths, int pairs) {
    double r = coefficient(ranks(rewards), ranks(lengths));
    return estimate(r, Math.sqrt((1 + r * r / 2) / (pairs - 3.0)), rewards.length, pairs);
  }

  private static Estimate estimate(double r, double error, int answers, int pairs) {
    double confidence = Estimates.DEFAULT_CONFIDENCE;
    if (Double.isNaN(r)) {
      return Estimates.withMissing(Estimates.proportion(0, 0), answers, 0);
    }
    if (pairs <= 3) {
      double unknown = Double.NaN;
      return new Estimate(r, unknown, unknown, unknown, confidence, answers, pairs, 0, 0);
    }
    double half = PairAccuracy.Z * error;
    double centre = 0.5 * Math.log((1 + r) / (1 - r));
    double low = Math.abs(r) == 1 ? r : Math.tanh(centre - half);
    double high = Math.abs(r) == 1 ? r : Math.tanh(centre + half);
    return new Estimate(r, (1 - r * r) * error, low, high, confidence, answers, pairs, 0, 0);
  }

  /** Pearson's coefficient, within [−1, 1]; NaN where one side does not vary. */
  private static double coefficient(double[] x, double[] y) {
    double meanX = mean(x);
    double meanY = mean(y);
    double xx = 0;
    double yy = 0;
    double xy = 0;
    for (int i = 0; i < x.length; i++) {
      double dx = x[i] - meanX;
      double dy = y[i] - meanY;
      xx += dx * dx;
      yy += dy * dy;
      xy += dx * dy;
    }
    return Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy)));
  }

  static double mean(double[] values) {
    double sum = 0;
    for (double v : values) {
      sum += v;
    }
    return sum / values.length;
  }

  private static double[] ranks(double[] values) {
    List<Integer> order =
        IntStream.range(0, values.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> values[i]))
            .toList();
    double[] ranks = new double[values.length];
    int from = 0;
    while (from < values.length) {
      int to = from + 1;
      while (to < values.length && values[order.get(to)] == values[order.get(from)]) {
        to++;
      }
      for (int i = from; i < to; i++) {
        ranks[order.get(i)] = (from + to - 1) / 2.0;
      }
      from = to;
    }
    return ranks;
  }
}
