package org.alignment4j.eval;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
      for (Metric metric : outcome.result().metrics()) {
        Optional<ProfileScale> scale = ProfileScale.of(metric);
        if (scale.isPresent()) {
          String group = outcome.result().dimension();
          rows.computeIfAbsent(group, g -> new ArrayList<>())
              .add(row(outcomes, models, benchmark, group, scale.get()));
          break;
        }
      }
    }
    List<Chart.ProfileRow> all = rows.values().stream().flatMap(List::stream).toList();
    return all.isEmpty()
        ? Optional.empty()
        : Optional.of(new Chart.Profile("From worst to ideal, by dimension", models, all));
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
