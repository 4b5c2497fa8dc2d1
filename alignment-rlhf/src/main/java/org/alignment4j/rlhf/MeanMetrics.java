package org.alignment4j.rlhf;

import java.util.LinkedHashMap;
import java.util.Map;

/** Means of metrics over the updates of a step, by name. */
final class MeanMetrics {

  private final Map<String, Double> sums = new LinkedHashMap<>();
  private int count;

  void add(Map<String, Double> values) {
    values.forEach((name, value) -> sums.merge(name, value, Double::sum));
    count++;
  }

  Map<String, Double> values() {
    Map<String, Double> means = new LinkedHashMap<>();
    sums.forEach((name, sum) -> means.put(name, sum / count));
    return means;
  }
}
