package org.alignment4j.eval;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.alignment4j.core.report.Cell;
import org.alignment4j.core.report.Chart;
import org.alignment4j.core.report.Report;
import org.alignment4j.core.report.Section;
import org.alignment4j.core.report.Table;
import org.apiguardian.api.API;

/** A comparison as one self-contained HTML page. Stateless. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ComparisonPage {
  private ComparisonPage() {}

  /**
   * Returns the page: what became better and worse, the differences with intervals as a chart for
   * each unit, and every metric with p-value and detectable difference.
   */
  public static Report of(EvaluationComparison comparison) {
    Report.Builder page = Report.builder("Comparison");
    page.subtitle(comparison.before() + " → " + comparison.after());
    page.add(Section.text("Finding", finding(comparison)));
    List<Chart> charts = charts(comparison);
    if (!charts.isEmpty()) {
      page.add(
          new Section.Charts(
              "Differences",
              charts,
              "After minus before, sample by sample; which way is better is in the table."));
    }
    page.add(
        new Section.Tabular(
            "Metrics",
            metrics(comparison),
            "p-values are adjusted by Holm's method for all tests here. A true difference of the"
                + " detectable size would be found four times in five."));
    return page.build();
  }

  private static String finding(EvaluationComparison comparison) {
    Map<Change, List<String>> by = new LinkedHashMap<>();
    comparison
        .metrics()
        .forEach(
            m ->
                by.computeIfAbsent(m.change(), c -> new ArrayList<>())
                    .add(m.benchmark() + " " + m.metric().name()));
    List<String> sentences = new ArrayList<>();
    for (Change change : List.of(Change.WORSE, Change.BETTER, Change.CHANGED)) {
      List<String> names = by.getOrDefault(change, List.of());
      if (!names.isEmpty()) {
        sentences.add("Significantly " + word(change) + ": " + String.join(", ", names) + ".");
      }
    }
    if (sentences.isEmpty()) {
      sentences.add("No significant difference.");
    }
    if (!comparison.onlyOne().isEmpty()) {
      sentences.add("Run on one of them only: " + String.join(", ", comparison.onlyOne()) + ".");
    }
    if (!comparison.complete()) {
      sentences.add("Benchmarks or samples are missing, or failed.");
    }
    return String.join(" ", sentences);
  }

  private static List<Chart> charts(EvaluationComparison comparison) {
    Map<String, List<MetricComparison>> byUnit = new LinkedHashMap<>();
    comparison.metrics().stream()
        .filter(m -> m.paired().isPresent())
        .forEach(m -> byUnit.computeIfAbsent(m.metric().unit(), u -> new ArrayList<>()).add(m));
    List<Chart> charts = new ArrayList<>();
    byUnit.forEach(
        (unit, metrics) ->
            charts.add(
                new Chart.Bars(
                        unit.isEmpty() ? "difference" : "difference, " + unit,
                        unit,
                        metrics.stream().map(m -> m.benchmark() + " " + m.metric().name()).toList(),
                        List.of())
                    .with(
                        "difference",
                        metrics.stream()
                            .flatMap(m -> m.paired().stream())
                            .map(PairedDifference::difference)
                            .toList())));
    return charts;
  }

  private static Table metrics(EvaluationComparison comparison) {
    Table table =
        Table.of(
            "benchmark",
            "metric",
            "better",
            "before",
            "after",
            "difference",
            "p",
            "detectable",
            "change");
    for (MetricComparison m : comparison.metrics()) {
      table =
          table.row(
              Cell.text(m.benchmark()),
              Cell.text(m.metric().name()),
              Cell.text(EvaluationMarkdown.better(m.metric().direction())),
              Cell.figure(m.before()),
              Cell.figure(m.after()),
              m.paired().map(p -> Cell.figure(p.difference())).orElse(Cell.unknown()),
              m.paired().map(p -> Cell.number(p.adjustedPValue(), 4)).orElse(Cell.unknown()),
              m.paired().map(p -> Cell.number(p.detectable(), 3)).orElse(Cell.unknown()),
              Cell.text(word(m.change())));
    }
    return table;
  }

  private static String word(Change change) {
    return change.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
