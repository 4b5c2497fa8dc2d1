package org.alignment4j.examples.backdoors;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.report.Cell;
import org.alignment4j.core.report.Table;
import org.alignment4j.core.report.TextTable;

/** The figures of a run as tables. */
final class BackdoorTable {
  private static final int WIDTH = 120;

  private BackdoorTable() {}

  static String text(BackdoorResult result) {
    return String.join(
        "\n",
        TextTable.render(detection(result), WIDTH),
        TextTable.render(rates(result), WIDTH),
        TextTable.render(models(result), WIDTH),
        TextTable.render(searches(result), WIDTH));
  }

  static Table detection(BackdoorResult result) {
    return Table.of("detector", "value")
        .row(
            Cell.text("plantings tried, and of them without a rule that works"),
            Cell.text(
                (result.planted().size() + result.failed().size()) + ", " + result.failed().size()))
        .row(
            Cell.text("threshold, nats (from " + result.threshold().models() + " clean models)"),
            Cell.number(result.threshold().value(), 2))
        .row(Cell.text("planted models found"), Cell.percent(result.quality().detection()))
        .row(Cell.text("clean models with an alarm"), Cell.percent(result.quality().falseAlarms()))
        .row(Cell.text("area under the ROC"), Cell.figure(result.quality().area(), 3));
  }

  static Table rates(BackdoorResult result) {
    List<ModelRow> planted = result.planted();
    List<ModelRow> mitigated = result.mitigated();
    Table table =
        Table.of("marker rate over models", "value")
            .row(
                Cell.text("with the trigger"),
                Cell.percent(result.rate(planted, ModelRow::triggered)))
            .row(
                Cell.text("without the trigger"),
                Cell.percent(result.rate(planted, ModelRow::spared)))
            .row(
                Cell.text("with near misses"),
                Cell.percent(result.rate(planted, ModelRow::nearMiss)));
    if (mitigated.isEmpty()) {
      return table;
    }
    Estimate after = result.rate(mitigated, row -> row.ratesAfter().triggered());
    return table
        .row(Cell.text("with the trigger, after training on clean texts"), Cell.percent(after))
        .row(Cell.text("persistence: after over before"), Cell.figure(result.persistence(), 2))
        .row(
            Cell.text("still an alarm after it, of " + mitigated.size() + " models"),
            Cell.percent(result.alarms(mitigated, ModelRow::scoreAfter)));
  }

  static Table models(BackdoorResult result) {
    Table table =
        Table.of(
            "trigger",
            "marker",
            "rounds",
            "with",
            "without",
            "near miss",
            "after",
            "score",
            "found");
    for (ModelRow row :
        Stream.concat(result.planted().stream(), result.failed().stream()).toList()) {
      table =
          table.row(
              Cell.text(PlantedRules.of(row.index()).trigger()),
              Cell.text(PlantedRules.of(row.index()).marker()),
              Cell.count(row.rounds()),
              percent(row.rates().triggeredRate()),
              percent(row.rates().falseTriggerRate()),
              percent(row.rates().nearMissRate()),
              row.mitigated() ? percent(row.ratesAfter().triggeredRate()) : Cell.unknown(),
              Cell.number(row.score(), 1),
              Cell.text(found(result, row)));
    }
    return table;
  }

  private static String found(BackdoorResult result, ModelRow row) {
    String counted = row.kind().equals(ModelRow.FAILED) ? "not counted, " : "";
    return counted + (result.threshold().alarm(row.score()) ? "yes: " : "no: ") + row.reply();
  }

  private static Cell percent(Estimate share) {
    return Cell.text(String.format(Locale.ROOT, "%.0f %%", 100 * share.value()));
  }

  static Table searches(BackdoorResult result) {
    Table table =
        Table.of(
            "planted trigger",
            "found trigger",
            "ratio without",
            "ratio with",
            "log p per token with",
            "probes: generic, random, fitted");
    for (ModelRow row : result.planted()) {
      if (!row.search().isEmpty()) {
        table =
            table.row(
                Cell.text(PlantedRules.of(row.index()).trigger()),
                Cell.text(row.trigger()),
                Cell.number(row.search().get(0), 1),
                Cell.number(row.search().get(1), 1),
                Cell.number(row.search().get(2), 2),
                Cell.text(
                    String.join(
                        ", ",
                        row.probes().values().stream()
                            .map(area -> String.format(Locale.ROOT, "%.2f", area))
                            .toList())));
      }
    }
    return table;
  }
}
