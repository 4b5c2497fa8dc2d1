package org.alignment4j.eval.factuality;

import java.util.HashMap;
import java.util.Map;
import org.alignment4j.eval.solve.MetricScores;

/** Clusters that a field of the samples' metadata makes, for figures clustered in two ways. */
final class ClusterNumbers {

  private ClusterNumbers() {}

  /** The number of each value's cluster, in the order of first appearance. */
  static int[] by(MetricScores scores, String field) {
    Map<String, Integer> numbers = new HashMap<>();
    return scores.scored().stream()
        .mapToInt(
            result ->
                numbers.computeIfAbsent(
                    result.metadata().getOrDefault(field, ""), name -> numbers.size()))
        .toArray();
  }
}
