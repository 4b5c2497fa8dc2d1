package org.alignment4j.eval;

import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.alignment4j.api.evaluation.Benchmark;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.eval.solve.InvalidScoreException;

/**
 * What the scores of a benchmark's scorer must be: of its metrics and within their ranges. One that
 * breaks a rule is most likely broken on every sample, and told at the first. Immutable.
 */
final class ScoreRules {
  private static final double ROUNDING = 1e-9;

  private final String benchmark;
  private final Map<String, Metric> metrics;
  private final Set<String> others;

  ScoreRules(Benchmark benchmark) {
    this.benchmark = benchmark.name();
    ImmutableMap.Builder<String, Metric> named = ImmutableMap.builder();
    benchmark.metrics().forEach(metric -> named.put(metric.name(), metric));
    this.metrics = named.buildKeepingLast();
    this.others = Set.copyOf(benchmark.otherScores());
  }

  /**
   * Checks the scores of a sample.
   *
   * @throws InvalidScoreException naming benchmark, sample, value and rule
   */
  void check(Sample sample, Map<String, Score> scores) {
    checkNames(sample, scores.keySet());
    scores.forEach(
        (name, score) -> {
          Metric metric = metrics.get(name);
          if (metric != null && score instanceof Score.Scored scored) {
            checkRange(sample, metric, scored.value());
          }
        });
  }

  /** A scorer may score more than the metrics, but not in their stead. */
  private void checkNames(Sample sample, Set<String> names) {
    List<String> unknown =
        names.stream().filter(n -> !metrics.containsKey(n) && !others.contains(n)).toList();
    for (String name : unknown) {
      Optional<String> meant =
          metrics.keySet().stream()
              .filter(metric -> !names.contains(metric) && Misspelling.of(name, metric))
              .findFirst();
      boolean none = unknown.size() == names.size();
      if (none || meant.isPresent()) {
        throw told(
            sample,
            "a score must be that of a metric, one of "
                + few(List.copyOf(metrics.keySet()))
                + ", but "
                + (none ? "there are only " + names : "one was named '" + name + "'")
                + meant.map(metric -> "; it may be meant for '" + metric + "'").orElse(""));
      }
    }
  }

  private void checkRange(Sample sample, Metric metric, double value) {
    double least = metric.least();
    double greatest = metric.greatest();
    double rounding = greatest < Double.POSITIVE_INFINITY ? ROUNDING * greatest : 0;
    if (!(value >= least - rounding && value <= greatest + rounding)) {
      throw told(
          sample,
          "a score of '"
              + metric.name()
              + "', whose unit is "
              + metric.unit()
              + ", must be from "
              + least
              + " to "
              + greatest
              + " but was "
              + value);
    }
  }

  /** The same complaint with its place and what to do. */
  InvalidScoreException told(Sample sample, String problem) {
    return new InvalidScoreException(
        "benchmark '"
            + benchmark
            + "', sample '"
            + sample.id()
            + "': "
            + problem
            + "; mend the scorer and run again: what is finished is in the run folder, if there is"
            + " one");
  }

  private static String few(List<String> names) {
    int most = 20;
    return names.size() <= most
        ? names.toString()
        : names.subList(0, most) + " and " + (names.size() - most) + " more";
  }
}
