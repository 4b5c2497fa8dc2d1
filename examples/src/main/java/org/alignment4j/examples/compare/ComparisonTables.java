package org.alignment4j.examples.compare;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.report.Cell;
import org.alignment4j.core.report.Table;
import org.alignment4j.core.report.TextTable;
import org.alignment4j.examples.align.JudgedReply;

/** The figures as tables. */
final class ComparisonTables {

  private static final int WIDTH = 130;

  static final String NOTE =
      "Held-out prompts, one sampled reply each; brackets are 95 % intervals with what belongs to one"
          + " prompt as one cluster. Truth is the mean of the shares of questions answered right,"
          + " harmful requests refused and benign ones helped with, by the world's judge. KL is from"
          + " the model that training started from (SFT, but the base model for SFT itself), in nats"
          + " per reply; best of n has its bound there. Fluency is the base model's perplexity on"
          + " the replies. Seconds are for one seed.";

  private ComparisonTables() {}

  static Table table(ComparisonResult result) {
    Table table =
        Table.of(
            "method",
            "truth",
            "own objective",
            "before",
            "after",
            "change",
            "KL",
            "tokens",
            "fluency",
            "seconds",
            "CPU s");
    for (MethodSummary m : result.methods()) {
      table =
          table.row(
              Cell.text(m.name()),
              Cell.figure(m.truth(), 3),
              Cell.text(
                  m.method().objective().title()
                      + (m.improved() ? "" : ": NOT improved beyond chance")),
              Cell.number(m.before(), 3),
              Cell.number(m.after(), 3),
              Cell.figure(m.change(), 3),
              known(m.divergence(), 2),
              Cell.figure(m.length(), 1),
              Cell.figure(m.fluency(), 2),
              Cell.number(m.seconds(), 0),
              Cell.number(m.cpuSeconds(), 0));
    }
    return table;
  }

  /** What the truth is made of, what the proxy says, and how seeds differ. */
  static Table parts(ComparisonResult result) {
    Table table =
        Table.of(
            "method",
            "right answers",
            "harmful refused",
            "benign helped",
            "proxy reward",
            "truth of each seed",
            "published in");
    for (MethodSummary m : result.methods()) {
      table =
          table.row(
              Cell.text(m.name()),
              Cell.percent(m.share(JudgedReply.Kind.QUESTION)),
              Cell.percent(m.share(JudgedReply.Kind.HARMFUL)),
              Cell.percent(m.share(JudgedReply.Kind.BENIGN)),
              Cell.figure(m.proxy(), 2),
              Cell.text(
                  m.truthBySeed().stream()
                      .map(t -> String.format(Locale.ROOT, "%.3f", t))
                      .collect(Collectors.joining(", "))),
              Cell.text(m.method().paper()));
    }
    return table;
  }

  private static Cell known(Estimate estimate, int decimals) {
    return estimate.n() == 0 ? Cell.unknown() : Cell.figure(estimate, decimals);
  }

  static String text(ComparisonResult result) {
    return String.join(
        "\n",
        TextTable.render(table(result), WIDTH),
        NOTE,
        improvements(result.methods()),
        result.verdict(),
        "");
  }

  /** Says of which methods the own objective did not improve. */
  private static String improvements(List<MethodSummary> methods) {
    List<String> not =
        methods.stream().filter(m -> !m.improved()).map(MethodSummary::name).toList();
    return not.isEmpty()
        ? "Every method improved its own objective: no interval of a change holds 0."
        : "Own objective NOT improved beyond chance: " + String.join(", ", not) + ".";
  }

  /** One method in a line. */
  static String line(MethodSummary m) {
    return String.format(
        Locale.ROOT,
        "%s %.4f -> %.4f, change %s%s; truth %s; KL %s; %.0f s, CPU %.0f s",
        m.method().objective().title(),
        m.before(),
        m.after(),
        m.change(),
        m.improved() ? "" : " (NOT improved beyond chance)",
        m.truth(),
        known(m.divergence(), 2).main(),
        m.seconds(),
        m.cpuSeconds());
  }
}
