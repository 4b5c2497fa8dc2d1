package org.alignment4j.eval.redteam;

import java.util.List;
import java.util.Locale;
import org.alignment4j.api.evaluation.BenchmarkResult;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.core.report.Cell;
import org.alignment4j.core.report.Table;

/** The tables of a report of attacks. Pure functions. */
final class AttackTables {
  private static final String FRACTION = "fraction";
  private static final int MODEL_CHARS = 20;

  private AttackTables() {}

  static Table runs(List<AttackRun> runs) {
    Table table =
        Table.of(
            "attack",
            "success rate",
            "reached",
            "of",
            "forwards",
            "queries",
            "work for each success",
            "tokens",
            "mean loss",
            "model");
    for (AttackRun run : runs) {
      Estimate loss = run.mean("loss");
      table =
          table.row(
              Cell.text(run.attack()),
              Cell.percent(run.successRate()),
              Cell.count(run.successes()),
              Cell.count(run.goals().size()),
              Cell.count(run.effort().forwards()),
              Cell.count(run.effort().queries()),
              Double.isNaN(run.workPerSuccess())
                  ? Cell.unknown()
                  : Cell.number(run.workPerSuccess(), 1),
              Cell.count(run.effort().usage().totalTokens()),
              loss.n() == 0 ? Cell.unknown() : Cell.number(loss.value(), 3),
              Cell.text(shortened(run.modelId())));
    }
    return table;
  }

  /** Identities may be hashes, of which the beginning tells models of one report apart. */
  private static String shortened(String modelId) {
    return modelId.length() > MODEL_CHARS ? modelId.substring(0, MODEL_CHARS) + "…" : modelId;
  }

  static Table comparisons(List<AttackComparison> comparisons) {
    Table table = Table.of("attack", "against", "difference", "goals", "McNemar's p", "left out");
    for (AttackComparison comparison : comparisons) {
      table =
          table.row(
              Cell.text(comparison.first()),
              Cell.text(comparison.second()),
              Cell.percent(comparison.difference()),
              Cell.count(comparison.difference().n()),
              Cell.text(String.format(Locale.ROOT, "%.2g", comparison.test().pValue())),
              Cell.count(comparison.leftOut()));
    }
    return table;
  }

  static Table agreements(List<JudgeAgreement> agreements) {
    Table table = Table.of("judge", "other judge", "agreement", "Cohen's κ");
    for (JudgeAgreement agreement : agreements) {
      table =
          table.row(
              Cell.text(agreement.first()),
              Cell.text(agreement.second()),
              Cell.percent(agreement.raw()),
              agreement
                  .kappa()
                  .map(kappa -> Cell.figure(kappa.coefficient().estimate(), 2))
                  .orElseGet(Cell::unknown));
    }
    return table;
  }

  static Table beside(List<AttackReport.Beside> beside) {
    Table table = Table.of("model", "figure", "value", "n", "better");
    for (AttackReport.Beside figure : beside) {
      table =
          table.row(
              Cell.text(figure.modelId()),
              Cell.text(figure.metric().name()),
              cell(figure.metric(), figure.estimate()),
              Cell.count(figure.estimate().n()),
              Cell.text(better(figure.metric().direction())));
    }
    return table;
  }

  static Table benchmark(BenchmarkResult result) {
    Table table = Table.of("figure", "value", "n", "better");
    for (Metric metric : result.metrics()) {
      Estimate estimate = result.estimates().get(metric.name());
      if (estimate != null) {
        table =
            table.row(
                Cell.text(metric.name()),
                cell(metric, estimate),
                Cell.count(estimate.n()),
                Cell.text(better(metric.direction())));
      }
    }
    return table;
  }

  private static Cell cell(Metric metric, Estimate estimate) {
    return metric.unit().equals(FRACTION) ? Cell.percent(estimate) : Cell.figure(estimate);
  }

  private static String better(Direction direction) {
    if (direction instanceof Direction.Ideal ideal) {
      return "at " + ideal.value();
    }
    if (direction instanceof Direction.Neutral) {
      return "";
    }
    return direction instanceof Direction.Higher ? "higher" : "lower";
  }
}
