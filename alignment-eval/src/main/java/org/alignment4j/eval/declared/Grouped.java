package org.alignment4j.eval.declared;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.evaluation.SampleResult;
import org.alignment4j.eval.solve.MetricScores;
import org.apiguardian.api.API;

/**
 * Means of scores, over all samples and, where samples have groups, by group ({@code acc/algebra})
 * and as the mean over groups ({@code acc/macro}, {@link MacroMean}). Shares of outcomes have
 * Wilson's interval. Immutable and thread-safe.
 *
 * @param metrics what is scored, with chance levels over all samples
 * @param groups the groups' names; figures by group are given when there are at least two
 * @param shares whether scores lie from 0 to 1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Grouped(List<Metric> metrics, List<String> groups, boolean shares) {

  /** What ends the name of a mean over groups. */
  public static final String MACRO = "/macro";

  /** Copies. */
  public Grouped {
    metrics = List.copyOf(metrics);
    groups = groups.size() < 2 ? List.of() : List.copyOf(groups);
  }

  /**
   * Returns all metrics: those given, then the mean over groups and the groups of each.
   *
   * @return the metrics
   */
  public List<Metric> all() {
    List<Metric> all = new ArrayList<>(metrics);
    if (!groups.isEmpty()) {
      metrics.forEach(metric -> all.add(named(metric, MACRO)));
      metrics.forEach(metric -> groups.forEach(group -> all.add(named(metric, "/" + group))));
    }
    return List.copyOf(all);
  }

  private static Metric named(Metric metric, String suffix) {
    return new Metric(
        metric.name() + suffix,
        metric.unit(),
        metric.direction(),
        metric.chance(),
        metric.citation());
  }

  /**
   * Returns the estimates.
   *
   * @param results what the samples came to
   * @return an estimate for each of {@link #all}
   */
  public Map<String, Estimate> estimate(List<SampleResult> results) {
    Map<String, Estimate> estimates = new LinkedHashMap<>();
    for (Metric metric : metrics) {
      String name = metric.name();
      estimates.put(name, mean(MetricScores.of(results, name)));
      List<Estimate> each = new ArrayList<>();
      for (String group : groups) {
        Estimate of =
            mean(
                MetricScores.of(
                    results,
                    name,
                    result ->
                        Objects.equals(group, result.metadata().get(TemplatedSamples.GROUP))));
        estimates.put(name + "/" + group, of);
        each.add(of);
      }
      if (!groups.isEmpty()) {
        estimates.put(name + MACRO, MacroMean.of(each));
      }
    }
    return estimates;
  }

  private Estimate mean(MetricScores scores) {
    return shares ? scores.proportion() : scores.mean();
  }
}
