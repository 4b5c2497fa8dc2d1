package org.alignment4j.eval.factuality.selfcheck;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.SampleResult;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.core.statistics.Correlation;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.core.statistics.PrecisionRecallArea;
import org.alignment4j.eval.solve.MetricScores;

/**
 * What scores of sentences and their labels amount to.
 *
 * @param nonFactual the share of sentences that are not accurate
 * @param bootstrap resampling of passages
 */
record DetectionFigures(double nonFactual, Bootstrap bootstrap) {

  private static final String NON_FACTUAL = "auc_pr/nonfactual";
  private static final String FACTUAL = "auc_pr/factual";
  private static final String PEARSON = "pearson";
  private static final String MEAN = DetectionScorer.SCORE;
  private static final String PAPER = "Manakul et al. 2023, arXiv 2303.08896, section 7";

  static DetectionFigures of(List<Sample> samples, Bootstrap bootstrap) {
    long wrong =
        samples.stream()
            .filter(
                sample ->
                    !LabelledPassage.ACCURATE.equals(sample.metadata().get(LabelledPassage.LABEL)))
            .count();
    return new DetectionFigures((double) wrong / Math.max(1, samples.size()), bootstrap);
  }

  List<Metric> metrics() {
    return List.of(
        metric(NON_FACTUAL, nonFactual),
        metric(FACTUAL, 1 - nonFactual),
        metric(PEARSON, 0),
        Metric.of(MEAN, "", Direction.LOWER).withCitation(PAPER));
  }

  private static Metric metric(String name, double chance) {
    return Metric.of(name, "", Direction.HIGHER).withChance(chance).withCitation(PAPER);
  }

  Map<String, Estimate> estimates(List<SampleResult> results) {
    MetricScores scores = MetricScores.of(results, DetectionScorer.SCORE);
    Map<String, Estimate> estimates = new LinkedHashMap<>();
    estimates.put(NON_FACTUAL, area(scores, true));
    estimates.put(FACTUAL, area(scores, false));
    estimates.put(PEARSON, pearson(scores));
    estimates.put(MEAN, scores.mean());
    return estimates;
  }

  private static double[] labels(MetricScores scores) {
    return scores.scored().stream()
        .mapToDouble(
            result ->
                LabelledPassage.value(result.metadata().getOrDefault(LabelledPassage.LABEL, "")))
        .toArray();
  }

  private Estimate area(MetricScores scores, boolean wrong) {
    double[] labels = labels(scores);
    double[] values = scores.values();
    boolean[] positive = new boolean[labels.length];
    int count = 0;
    for (int i = 0; i < positive.length; i++) {
      positive[i] = labels[i] > 0 == wrong;
      count += positive[i] ? 1 : 0;
      values[i] = wrong ? values[i] : -values[i];
    }
    if (count == 0 || count == positive.length) {
      return undefined(scores);
    }
    return scores.withMissing(
        PrecisionRecallArea.of(values, positive, scores.clusters(), bootstrap).estimate());
  }

  private static Estimate pearson(MetricScores scores) {
    int[] clusters = scores.clusters();
    int passages = Arrays.stream(clusters).max().orElse(-1) + 1;
    double[] x = means(scores.values(), clusters, passages);
    double[] y = means(labels(scores), clusters, passages);
    if (Arrays.stream(x).distinct().count() < 2 || Arrays.stream(y).distinct().count() < 2) {
      return undefined(scores);
    }
    return scores.withMissing(Correlation.PEARSON.of(x, y));
  }

  private static double[] means(double[] values, int[] clusters, int count) {
    double[] means = new double[count];
    for (int c = 0; c < count; c++) {
      int cluster = c;
      means[c] =
          IntStream.range(0, values.length)
              .filter(i -> clusters[i] == cluster)
              .mapToDouble(i -> values[i])
              .average()
              .orElse(Double.NaN);
    }
    return means;
  }

  /** With one class, or constant scores, there is no figure, whatever number of sentences. */
  private static Estimate undefined(MetricScores scores) {
    return scores.withMissing(
        Estimates.withMissing(Estimates.proportion(0, 0), scores.values().length, 0));
  }
}
