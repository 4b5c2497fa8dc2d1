package org.alignment4j.eval.general;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.SampleResult;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.core.statistics.Binning;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.core.statistics.BrierScore;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.core.statistics.ReliabilityTable;
import org.alignment4j.core.statistics.RocArea;
import org.alignment4j.core.statistics.SelectiveAccuracy;
import org.alignment4j.eval.solve.MetricScores;

/** Confidence and outcome of each answer, and the figures made of them. */
final class Confidences {

  private final MetricScores scores;
  private final double[] confidences;
  private final boolean[] correct;
  private final int[] clusters;

  private Confidences(MetricScores scores) {
    this.scores = scores;
    this.clusters = scores.clusters();
    List<SampleResult> results = scores.scored();
    this.confidences =
        results.stream().mapToDouble(r -> value(r, CalibrationScorer.CONFIDENCE)).toArray();
    this.correct = new boolean[confidences.length];
    for (int i = 0; i < correct.length; i++) {
      correct[i] = value(results.get(i), CalibrationScorer.CORRECT) == 1;
    }
  }

  static Confidences of(List<SampleResult> results) {
    return new Confidences(MetricScores.of(results, CalibrationScorer.BRIER));
  }

  private static double value(SampleResult result, String name) {
    if (result.scores().get(name) instanceof Score.Scored scored) {
      return scored.value();
    }
    throw new IllegalArgumentException(
        "results must be those of a calibrated benchmark but sample '"
            + result.sampleId()
            + "' has no '"
            + name
            + "'; score it with Calibration");
  }

  int size() {
    return confidences.length;
  }

  ReliabilityTable table(Binning binning) {
    return ReliabilityTable.of(confidences, correct, binning);
  }

  /** The parts of the binary Brier score; there must be an answer. */
  BrierScore.Decomposition brier(Binning binning) {
    return BrierScore.decompose(confidences, correct, binning);
  }

  Estimate expectedError(Binning binning, Bootstrap bootstrap) {
    return withMissing(
        ReliabilityTable.expectedError(confidences, correct, clusters, binning, bootstrap)
            .estimate());
  }

  Estimate overconfidence() {
    double[] gaps = new double[confidences.length];
    Arrays.setAll(gaps, i -> confidences[i] - (correct[i] ? 1 : 0));
    return withMissing(Estimates.boundedMean(gaps, clusters, -1, 1));
  }

  Estimate selective(Bootstrap bootstrap, ToDoubleFunction<SelectiveAccuracy> figure) {
    return withMissing(
        bootstrap
            .of(
                clusters,
                items -> {
                  double[] drawn = new double[items.length];
                  boolean[] right = new boolean[items.length];
                  for (int i = 0; i < items.length; i++) {
                    drawn[i] = confidences[items[i]];
                    right[i] = correct[items[i]];
                  }
                  return figure.applyAsDouble(SelectiveAccuracy.of(drawn, right));
                })
            .estimate());
  }

  /** Nothing with one class only, where it is undefined. */
  Estimate area(Bootstrap bootstrap) {
    boolean some = false;
    boolean all = true;
    for (boolean right : correct) {
      some |= right;
      all &= right;
    }
    return withMissing(
        some && !all
            ? RocArea.of(confidences, correct, clusters, bootstrap).estimate()
            : bootstrap.of(0, items -> Double.NaN).estimate());
  }

  private Estimate withMissing(Estimate estimate) {
    return scores.withMissing(estimate);
  }
}
