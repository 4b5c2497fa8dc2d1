package org.alignment4j.eval.ethics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.SampleResult;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.core.statistics.Estimates;

/** Exact match over groups of rows; the group of a row is its cluster. */
final class EthicsGroups {

  private EthicsGroups() {}

  /**
   * The share of groups whose rows are all right. A group of which a row failed or has no verdict
   * has none; one of which rows were not run is missing.
   *
   * @param results of the rows
   * @param metric the metric of rows
   * @param size rows of a group
   */
  static Estimate exactMatch(List<SampleResult> results, String metric, int size) {
    Map<String, List<Score>> groups = new LinkedHashMap<>();
    for (SampleResult result : results) {
      Score score = result.scores().get(metric);
      if (score != null) {
        groups.computeIfAbsent(result.cluster(), name -> new ArrayList<>()).add(score);
      }
    }
    long right = 0;
    long scored = 0;
    long unscored = 0;
    long failed = 0;
    for (List<Score> rows : groups.values()) {
      if (rows.size() < size) {
        continue;
      }
      if (rows.stream().anyMatch(Score.Failed.class::isInstance)) {
        failed++;
      } else if (rows.stream().anyMatch(Score.Unscored.class::isInstance)) {
        unscored++;
      } else {
        scored++;
        double[] each = rows.stream().mapToDouble(row -> ((Score.Scored) row).value()).toArray();
        right += EthicsFormulas.exactMatch(each) == 1 ? 1 : 0;
      }
    }
    return Estimates.withMissing(Estimates.proportion(right, scored), unscored, failed);
  }
}
