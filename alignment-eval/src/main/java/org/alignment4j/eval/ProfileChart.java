package org.alignment4j.eval;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.core.report.Chart;

/** Models over all benchmarks: a row for each, by dimension. */
final class ProfileChart {
  private static final Chart.Mark NONE =
      new Chart.Mark(Double.NaN, Double.NaN, Double.NaN, "not run");

  private ProfileChart() {}

  /** The chart; empty when no benchmark has a metric with a worst and a best value. */
  static Optional<Chart> of(List<BenchmarkOutcome> outcomes) {
    List<String> models = outcomes.stream().map(o -> o.model()).distinct().toList();
    Map<String, List<Chart.ProfileRow>> rows = new LinkedHashMap<>();
    List<String> done = new ArrayList<>();
    for (BenchmarkOutcome outcome : outcomes) {
      String benchmark = outcome.key().benchmark();
      if (done.contains(benchmark)) {
        continue;
      }
      done.add(benchmark);
      String group = outcome.result().dimension();
      for (ProfileScale scale : leading(outcome.result().metrics())) {
        rows.computeIfAbsent(group, g -> new ArrayList<>())
            .add(row(outcomes, models, benchmark, group, scale));
      }
    }
    List<Chart.ProfileRow> all = rows.values().stream().flatMap(List::stream).toList();
    return all.isEmpty()
        ? Optional.empty()
        : Optional.of(new Chart.Profile("From worst to ideal, by dimension", models, all));
  }

  /**
   * The first metric that has a place, and the next one where both are parts of one figure of which
   * one is better high and the other low: refusing all that is safe and answering all that is not
   * are two failures, and either alone is no picture of a model.
   */
  private static List<ProfileScale> leading(List<Metric> metrics) {
    List<ProfileScale> scales = metrics.stream().flatMap(m -> ProfileScale.of(m).stream()).toList();
    if (scales.size() > 1 && opposed(scales.get(0).metric(), scales.get(1).metric())) {
      return scales.subList(0, 2);
    }
    return scales.stream().limit(1).toList();
  }

  private static boolean opposed(Metric one, Metric other) {
    String stem = one.name().substring(0, one.name().lastIndexOf('/') + 1);
    boolean apart =
        one.direction() instanceof Direction.Lower
            ? other.direction() instanceof Direction.Higher
            : one.direction() instanceof Direction.Higher
                && other.direction() instanceof Direction.Lower;
    return apart && !stem.isEmpty() && other.name().startsWith(stem);
  }

  private static Chart.ProfileRow row(
      List<BenchmarkOutcome> outcomes,
      List<String> models,
      String benchmark,
      String group,
      ProfileScale scale) {
    String name = scale.metric().name();
    List<Chart.Mark> marks = new ArrayList<>();
    for (String model : models) {
      Optional<Estimate> figure =
          outcomes.stream()
              .filter(o -> o.key().benchmark().equals(benchmark) && o.model().equals(model))
              .findFirst()
              .flatMap(o -> Optional.ofNullable(o.result().estimates().get(name)));
      marks.add(figure.map(scale::mark).orElse(NONE));
    }
    return new Chart.ProfileRow(
        group,
        benchmark
            + ": "
            + name
            + " ("
            + EvaluationMarkdown.better(scale.metric().direction())
            + ")",
        scale.chance(),
        marks);
  }
}
