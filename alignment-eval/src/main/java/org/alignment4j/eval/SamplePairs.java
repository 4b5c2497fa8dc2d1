package org.alignment4j.eval;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.SampleResult;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.core.statistics.DetectableDifference;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.core.statistics.SignFlipTest;

/** The scores of two models on the same samples, on one metric. */
final class SamplePairs {
  private static final double ROUNDING = 1e-9;
  private static final double CONFIDENCE = 0.95;

  private final List<Double> before = new ArrayList<>();
  private final List<Double> after = new ArrayList<>();
  private final List<Integer> clusters = new ArrayList<>();
  private long unpaired;

  static SamplePairs of(String metric, List<SampleResult> before, List<SampleResult> after) {
    Map<String, Double> first = scores(metric, before);
    Map<String, Double> second = scores(metric, after);
    Map<String, Integer> numbers = new HashMap<>();
    SamplePairs pairs = new SamplePairs();
    for (SampleResult sample : before) {
      Double one = first.get(sample.sampleId());
      Double other = second.get(sample.sampleId());
      if (one != null && other != null) {
        pairs.before.add(one);
        pairs.after.add(other);
        pairs.clusters.add(numbers.computeIfAbsent(sample.cluster(), c -> numbers.size()));
      }
    }
    pairs.unpaired = first.size() + second.size() - 2L * pairs.before.size();
    return pairs;
  }

  private static Map<String, Double> scores(String metric, List<SampleResult> results) {
    Map<String, Double> scores = new HashMap<>();
    for (SampleResult result : results) {
      if (result.scores().get(metric) instanceof Score.Scored scored) {
        scores.put(result.sampleId(), scored.value());
      }
    }
    return scores;
  }

  /**
   * Whether a figure is the mean of the samples' scores, so that the mean of their differences is
   * the difference of the figures.
   */
  static boolean meanOfScores(String metric, List<SampleResult> results, Estimate figure) {
    Map<String, Double> scores = scores(metric, results);
    double mean = scores.values().stream().mapToDouble(v -> v).average().orElse(Double.NaN);
    return Math.abs(mean - figure.value()) <= ROUNDING * Math.max(1, Math.abs(mean));
  }

  /** How many scores of either model have none of the other beside them. */
  long unpaired() {
    return unpaired;
  }

  /** The difference, not adjusted for other tests; empty when there is no pair. */
  Optional<PairedDifference> difference(long seed) {
    if (before.isEmpty()) {
      return Optional.empty();
    }
    double[] first = before.stream().mapToDouble(v -> v).toArray();
    double[] second = after.stream().mapToDouble(v -> v).toArray();
    int[] cluster = clusters.stream().mapToInt(c -> c).toArray();
    Estimate difference = Estimates.clusteredPairedDifference(second, first, cluster, CONFIDENCE);
    double p = SignFlipTest.seeded(seed).of(second, first, cluster).pValue();
    double detectable =
        difference.standardError() > 0 ? DetectableDifference.of(difference) : Double.NaN;
    return Optional.of(
        new PairedDifference(
            Estimates.mean(first).value(),
            Estimates.mean(second).value(),
            difference,
            PairedDifference.Test.SIGN_FLIP,
            p,
            p,
            detectable,
            unpaired));
  }
}
