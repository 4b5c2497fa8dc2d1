package org.alignment4j.rlhf.reward;

import java.util.ArrayList;
import java.util.List;
import org.apiguardian.api.API;

/**
 * Whether differences of rewards mean what the model of Bradley and Terry says: that the answer
 * with the higher reward is the better one with probability {@code σ(|r₁ − r₂|)}.
 *
 * @param expectedCalibrationError mean of {@code |accuracy − confidence|} over bins, weighted by
 *     their pairs (Guo et al. 2017, arXiv 1706.04599, eq. 3); NaN without pairs
 * @param bins bins of equal width over [0.5, 1], empty ones included, ascending
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Reliability(double expectedCalibrationError, List<Bin> bins) {

  /**
   * Pairs of like confidence.
   *
   * @param low lowest confidence, left out except in the first bin
   * @param high highest confidence
   * @param pairs pairs in the bin
   * @param confidence their mean confidence; NaN without pairs
   * @param accuracy how often the answer with the higher reward is the preferred one, ties counted
   *     one half; NaN without pairs
   */
  public record Bin(double low, double high, long pairs, double confidence, double accuracy) {}

  /** Copies the bins. */
  public Reliability {
    bins = List.copyOf(bins);
  }

  /** The reliability of differences of rewards, preferred answer minus other. */
  static Reliability of(double[] margins, int count) {
    double[] confidences = new double[count];
    double[] hits = new double[count];
    long[] pairs = new long[count];
    for (double margin : margins) {
      double confidence = 1 / (1 + Math.exp(-Math.abs(margin)));
      int bin = (int) Math.ceil((confidence - 0.5) * 2 * count) - 1;
      bin = Math.min(count - 1, Math.max(0, bin));
      confidences[bin] += confidence;
      hits[bin] += PairAccuracy.hit(margin);
      pairs[bin]++;
    }
    List<Bin> bins = new ArrayList<>();
    double error = 0;
    for (int i = 0; i < count; i++) {
      error += Math.abs(hits[i] - confidences[i]);
      double low = 0.5 + 0.5 * i / count;
      double high = 0.5 + 0.5 * (i + 1) / count;
      bins.add(new Bin(low, high, pairs[i], confidences[i] / pairs[i], hits[i] / pairs[i]));
    }
    return new Reliability(error / margins.length, bins);
  }
}
