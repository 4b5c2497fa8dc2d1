package org.alignment4j.eval;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.function.UnaryOperator;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.apiguardian.api.API;

/** Evaluations and comparisons as Markdown, such as for a pull request. Stateless. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class EvaluationMarkdown {
  private static final double LEAST_P = 1e-4;

  /** Of a benchmark with more metrics the others are in its block. */
  private static final int MOST = 4;

  /** With more metrics, those that did not change are in a block. */
  private static final int MOST_CHANGES = 20;

  private EvaluationMarkdown() {}

  /**
   * Returns a table of the first figures of each benchmark, with interval, what they rest on, and
   * chance; those of a benchmark's parts are below it in a block that opens on a click.
   */
  public static String of(EvaluationRun run) {
    StringBuilder text = new StringBuilder();
    figures(text, run.outcomes(), EvaluationMarkdown::first);
    List<String> names = run.outcomes().stream().map(o -> o.key().benchmark()).distinct().toList();
    for (String name : names) {
      List<BenchmarkOutcome> own =
          run.outcomes().stream().filter(o -> o.key().benchmark().equals(name)).toList();
      List<Metric> all = own.get(0).result().metrics();
      if (first(all).size() < all.size()) {
        text.append("\n<details><summary>").append(markup(name)).append(": all ");
        text.append(all.size()).append(" figures</summary>\n\n");
        figures(text, own, metrics -> metrics);
        text.append("\n</details>\n");
      }
    }
    return text.toString();
  }

  /** The metrics of the whole benchmark; of one that has parts alone, the first ones. */
  private static List<Metric> first(List<Metric> metrics) {
    List<Metric> whole = metrics.stream().filter(m -> !m.name().contains("/")).toList();
    return (whole.isEmpty() ? metrics : whole).stream().limit(MOST).toList();
  }

  private static void figures(
      StringBuilder text, List<BenchmarkOutcome> outcomes, UnaryOperator<List<Metric>> which) {
    row(text, List.of("benchmark", "model", "metric", "figure", "chance", "better", "run"));
    row(text, List.of("---", "---", "---", "---", "---:", "---", "---"));
    for (BenchmarkOutcome outcome : outcomes) {
      for (Metric metric : which.apply(outcome.result().metrics())) {
        Estimate estimate = outcome.result().estimates().get(metric.name());
        if (estimate == null) {
          continue;
        }
        row(
            text,
            List.of(
                outcome.key().benchmark(),
                outcome.model(),
                named(metric),
                estimate.toString(),
                metric.chance().isPresent() ? number(metric.chance().getAsDouble()) : "",
                better(metric.direction()),
                outcome.status()));
      }
    }
  }

  /**
   * Returns what changed: a row for each metric, with p-value and detectable difference. Where
   * there are many, those that did not change are below in a block that opens on a click.
   */
  public static String of(EvaluationComparison comparison) {
    StringBuilder text = new StringBuilder();
    text.append("From `").append(code(comparison.before()));
    text.append("` to `").append(code(comparison.after())).append("`\n\n");
    List<MetricComparison> all = comparison.metrics();
    List<MetricComparison> changed =
        all.stream()
            .filter(m -> m.change() != Change.NOT_SIGNIFICANT && m.change() != Change.UNTESTED)
            .toList();
    boolean many = all.size() > MOST_CHANGES;
    changes(text, many ? changed : all);
    if (many) {
      text.append("\n<details><summary>all ").append(all.size()).append(" figures</summary>\n\n");
      changes(text, all);
      text.append("\n</details>\n");
    }
    if (!comparison.onlyOne().isEmpty()) {
      StringJoiner names = new StringJoiner(", ", "\nRun on one of them only: ", ".\n");
      comparison.onlyOne().forEach(name -> names.add(escaped(name)));
      text.append(names);
    }
    if (!comparison.complete()) {
      text.append("\nBenchmarks or samples are missing, or failed.\n");
    }
    return text.toString();
  }

  private static void changes(StringBuilder text, List<MetricComparison> metrics) {
    row(
        text,
        List.of(
            "benchmark",
            "metric",
            "before",
            "after",
            "difference",
            "p (Holm)",
            "detectable",
            "change"));
    row(text, List.of("---", "---", "---", "---", "---", "---:", "---:", "---"));
    for (MetricComparison metric : metrics) {
      row(
          text,
          List.of(
              metric.benchmark(),
              named(metric.metric()),
              metric.before().toString(),
              metric.after().toString(),
              metric.paired().map(p -> p.difference().toString()).orElse(""),
              metric.paired().map(p -> probability(p.adjustedPValue())).orElse(""),
              metric.paired().map(p -> number(p.detectable())).orElse(""),
              metric.change().name().toLowerCase(Locale.ROOT).replace('_', ' ')));
    }
  }

  /** Which way is better in a word; empty when none is. */
  static String better(Direction direction) {
    if (direction instanceof Direction.Ideal ideal) {
      return "near " + BigDecimal.valueOf(ideal.value()).stripTrailingZeros().toPlainString();
    }
    if (direction instanceof Direction.Neutral) {
      return "";
    }
    return direction instanceof Direction.Higher ? "higher" : "lower";
  }

  private static String named(Metric metric) {
    return metric.unit().isEmpty() ? metric.name() : metric.name() + " (" + metric.unit() + ")";
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.4g", value);
  }

  private static String probability(double p) {
    return p < LEAST_P ? "< 0.0001" : String.format(Locale.ROOT, "%.4f", p);
  }

  private static void row(StringBuilder text, List<String> cells) {
    StringJoiner row = new StringJoiner(" | ", "| ", " |\n");
    cells.forEach(cell -> row.add(escaped(cell)));
    text.append(row);
  }

  /** Names come from files and models: none may break the table or become markup. */
  private static String escaped(String text) {
    String line = text.replaceAll("\\s+", " ");
    if (line.matches("-+:?")) {
      return line;
    }
    return line.replaceAll("([\\\\`*_{}<>#|\\[\\]])", "\\\\$1");
  }

  /** Within an element Markdown's escapes do not count. */
  private static String markup(String text) {
    return text.replaceAll("\\s+", " ").replace("&", "&amp;").replace("<", "&lt;");
  }

  private static String code(String text) {
    return text.replaceAll("\\s+", " ").replace("`", "'");
  }
}
