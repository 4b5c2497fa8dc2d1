package org.alignment4j.examples.conformance;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.alignment4j.core.statistics.Binning;
import org.alignment4j.core.statistics.ReliabilityTable;

/** Expected calibration errors of the top class in bins of equal width. */
final class CalibrationCases {

  private final String kind;
  private final CaseRunner runner;

  CalibrationCases(String kind, CaseRunner runner) {
    this.kind = kind;
    this.runner = runner;
  }

  /**
   * Runs the case of each number of bins.
   *
   * @throws IOException if the file cannot be read
   */
  void run(Path file) throws IOException {
    Fixture fixture = Fixture.read(file);
    Fixture errors = fixture.get("ece");
    List<String> bins = errors.keys();
    for (String count : bins) {
      runner.run(
          kind,
          String.valueOf(file.getFileName()),
          count + " bins",
          check ->
              check.close(
                  "ece",
                  table(fixture, Integer.parseInt(count)).expectedError(),
                  errors.get(count).number(),
                  Tolerance.SINGLE));
    }
  }

  private static ReliabilityTable table(Fixture fixture, int bins) {
    List<Fixture> logits = fixture.get("logits").elements();
    int[] labels = fixture.get("labels").integers();
    double[] confidences = new double[labels.length];
    boolean[] correct = new boolean[labels.length];
    for (int i = 0; i < labels.length; i++) {
      double[] row = logits.get(i).numbers();
      int top = 0;
      for (int k = 1; k < row.length; k++) {
        top = row[k] > row[top] ? k : top;
      }
      double sum = 0;
      for (double logit : row) {
        sum += Math.exp(logit - row[top]);
      }
      confidences[i] = 1 / sum;
      correct[i] = top == labels[i];
    }
    return ReliabilityTable.of(confidences, correct, Binning.equalWidth(bins));
  }
}
