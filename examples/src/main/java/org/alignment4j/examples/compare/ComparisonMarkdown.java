package org.alignment4j.examples.compare;

import java.util.List;
import java.util.stream.Collectors;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.report.Cell;

/** The main figures as a table in Markdown, for pages that keep results. */
final class ComparisonMarkdown {

  private static final List<String> COLUMNS =
      List.of(
          "method",
          "truth",
          "own objective",
          "before → after",
          "change",
          "KL",
          "tokens",
          "fluency",
          "seconds");

  private ComparisonMarkdown() {}

  static String of(ComparisonResult result) {
    return row(COLUMNS)
        + row(COLUMNS.stream().map(column -> "---").toList())
        + result.methods().stream().map(ComparisonMarkdown::row).collect(Collectors.joining());
  }

  private static String row(MethodSummary m) {
    return row(
        List.of(
            m.name(),
            figure(m.truth(), 3),
            m.method().objective().title() + (m.improved() ? "" : ", not improved"),
            Cell.number(m.before(), 3).plain() + " → " + Cell.number(m.after(), 3).plain(),
            figure(m.change(), 3),
            figure(m.divergence(), 2),
            figure(m.length(), 1),
            figure(m.fluency(), 2),
            Cell.number(m.seconds(), 0).plain()));
  }

  private static String figure(Estimate estimate, int decimals) {
    return estimate.n() == 0 ? Cell.UNKNOWN : Cell.figure(estimate, decimals).plain();
  }

  private static String row(List<String> cells) {
    return "| "
        + cells.stream().map(c -> c.replace("|", "\\|")).collect(Collectors.joining(" | "))
        + " |\n";
  }
}
