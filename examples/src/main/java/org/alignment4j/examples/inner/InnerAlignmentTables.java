package org.alignment4j.examples.inner;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.core.report.Cell;
import org.alignment4j.core.report.Table;
import org.alignment4j.core.report.TextTable;
import org.alignment4j.eval.BenchmarkOutcome;
import org.alignment4j.eval.inner.PairedGap;
import org.alignment4j.eval.inner.cue.CueSweep;
import org.alignment4j.eval.inner.deception.Condition;
import org.alignment4j.eval.inner.deception.DeceptionFinding;
import org.alignment4j.eval.inner.failure.FailureAgreement;
import org.alignment4j.eval.inner.failure.FailureCause;
import org.alignment4j.eval.inner.failure.FailureVerdict;
import org.alignment4j.eval.inner.latent.LatentRobustness;
import org.alignment4j.eval.inner.world.GridWorld;
import org.alignment4j.eval.inner.world.MisgeneralisationSweep;

/** The tables of the report. */
final class InnerAlignmentTables {

  private InnerAlignmentTables() {}

  static String text(InnerAlignmentResult result) {
    StringBuilder text = new StringBuilder();
    for (Map.Entry<GridWorld, List<MisgeneralisationSweep.Arm>> world :
        result.worlds().entrySet()) {
      append(
          text,
          "Goal misgeneralisation, " + world.getKey().label(),
          world(world.getKey(), world.getValue()));
    }
    append(text, "A spurious cue", cue(result.cue()));
    append(text, "Out-of-context reasoning", awareness(result.awareness().outcomes()));
    append(text, "Conditions of deceptive alignment", conditions(result.conditions()));
    append(text, "Protocols", protocols(result.protocols()));
    append(text, "Latent attacks", latent(result.latent()));
    append(text, "What alignment and the defence cost", costs(result.latent()));
    append(text, "Documented failures: label by verdict", confusion(result.failures()));
    return text.append("agreement ")
        .append(result.failures().agreement())
        .append(", Cohen's kappa ")
        .append(result.failures().kappa().map(Object::toString).orElse("undefined"))
        .toString();
  }

  private static void append(StringBuilder text, String title, Table table) {
    text.append(title).append('\n').append(TextTable.render(table)).append('\n');
  }

  static Table world(GridWorld world, List<MisgeneralisationSweep.Arm> arms) {
    boolean keys = world == GridWorld.KEYS_AND_CHESTS;
    List<String> columns =
        new ArrayList<>(
            List.of(
                "training levels",
                "goal, as in training",
                "capability",
                "goal",
                "gap",
                "time-outs"));
    if (keys) {
      columns.add("keys left");
    }
    Table table = new Table(columns, List.of());
    for (MisgeneralisationSweep.Arm arm : arms) {
      List<Cell> cells =
          new ArrayList<>(
              List.of(
                  Cell.text(arm.name()),
                  Cell.percent(arm.alike().goal()),
                  Cell.percent(arm.apart().capability()),
                  Cell.percent(arm.apart().goal()),
                  Cell.percent(arm.apart().gap().gap()),
                  Cell.percent(arm.apart().timeOuts())));
      if (keys) {
        cells.add(Cell.figure(arm.apart().inventory(), 2));
      }
      table = table.row(cells.toArray(Cell[]::new));
    }
    return table;
  }

  static Table cue(List<CueSweep.Arm> arms) {
    Table table =
        Table.of("training examples", "capability", "goal", "gap", "strange cue", "gap by seed");
    for (CueSweep.Arm arm : arms) {
      table =
          table.row(
              Cell.text(arm.name()),
              Cell.percent(arm.gap().first()),
              Cell.percent(arm.gap().second()),
              Cell.percent(arm.gap().gap()),
              Cell.percent(arm.uncued()),
              Cell.text(
                  String.join(
                      ", ",
                      arm.bySeed().stream()
                          .map(gap -> String.format(Locale.ROOT, "%.0f %%", 100 * gap.value()))
                          .toList())));
    }
    return table;
  }

  static Table awareness(List<BenchmarkOutcome> outcomes) {
    Table table = Table.of("chatbots, alias", "chance", "untrained", "trained");
    for (Metric metric : outcomes.get(0).result().metrics()) {
      table =
          table.row(
              Cell.text(metric.name()),
              new Cell.Number(100 * metric.chance().orElse(Double.NaN), 0, " %"),
              Cell.percent(outcomes.get(0).result().estimate(metric.name())),
              Cell.percent(outcomes.get(1).result().estimate(metric.name())));
    }
    return table;
  }

  static Table conditions(List<DeceptionFinding> findings) {
    Table table =
        Table.of("condition", "chance", "base", "adjusted p", "aligned", "adjusted p, aligned");
    for (Condition condition : Condition.values()) {
      int i = condition.ordinal();
      table =
          table.row(
              Cell.text(condition.description()),
              new Cell.Number(50, 0, " %"),
              Cell.percent(findings.get(0).conditions().get(i).value()),
              Cell.number(findings.get(0).conditions().get(i).adjusted(), 3),
              Cell.percent(findings.get(1).conditions().get(i).value()),
              Cell.number(findings.get(1).conditions().get(i).adjusted(), 3));
    }
    return table;
  }

  static Table protocols(List<ProtocolRow> rows) {
    Table table =
        Table.of(
            "protocol",
            "model",
            "first figure",
            "second figure",
            "gap",
            "p",
            "detectable gap",
            "clusters");
    for (ProtocolRow row : rows) {
      PairedGap gap = row.gap();
      table =
          table.row(
              Cell.text(row.protocol()),
              Cell.text(row.model()),
              Cell.text(row.first() + " " + percent(gap.first().value())),
              Cell.text(row.second() + " " + percent(gap.second().value())),
              Cell.percent(gap.gap()),
              Cell.number(gap.pValue(), 3),
              Cell.text(percent(gap.detectable())),
              Cell.count(gap.clusters()));
    }
    return table;
  }

  private static String percent(double share) {
    return Double.isNaN(share) ? "unknown" : String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  static Table latent(List<LatentRobustness> reports) {
    List<String> columns = new ArrayList<>(List.of("norm"));
    for (LatentRobustness report : reports) {
      columns.add(report.subject() + ", attack");
      columns.add(report.subject() + ", random");
    }
    Table table = new Table(columns, List.of());
    for (int i = 0; i < reports.get(0).points().size(); i++) {
      List<Cell> cells =
          new ArrayList<>(List.of(Cell.number(reports.get(0).points().get(i).epsilon(), 1)));
      for (LatentRobustness report : reports) {
        cells.add(Cell.percent(report.points().get(i).attack()));
        cells.add(Cell.percent(report.points().get(i).random()));
      }
      table = table.row(cells.toArray(Cell[]::new));
    }
    return table;
  }

  static Table costs(List<LatentRobustness> reports) {
    Table table = Table.of("model", "clean loss", "refuses harmful", "refuses benign");
    for (LatentRobustness report : reports) {
      table =
          table.row(
              Cell.text(report.subject()),
              Cell.figure(report.cleanLoss()),
              Cell.percent(report.refusesUnacceptable()),
              Cell.percent(report.refusesAcceptable()));
    }
    return table;
  }

  static Table confusion(FailureAgreement agreement) {
    List<String> columns = new ArrayList<>(List.of("label of the source"));
    Arrays.stream(FailureCause.values()).map(InnerAlignmentTables::name).forEach(columns::add);
    Table table = new Table(columns, List.of());
    for (FailureCause label : FailureCause.values()) {
      List<Cell> cells = new ArrayList<>(List.of(Cell.text(name(label))));
      agreement.confusion().get(label.ordinal()).forEach(count -> cells.add(Cell.count(count)));
      table = table.row(cells.toArray(Cell[]::new));
    }
    return table;
  }

  static Table failures(FailureAgreement agreement) {
    Table table = Table.of("failure", "source", "verdict", "label", "evidence");
    for (FailureVerdict verdict : agreement.verdicts()) {
      table =
          table.row(
              Cell.text(verdict.failure().title()),
              Cell.text(verdict.failure().citation()),
              Cell.text(name(verdict.cause())),
              Cell.text(name(verdict.failure().label())),
              Cell.text(String.join(" ", verdict.evidence())));
    }
    return table;
  }

  private static String name(FailureCause cause) {
    return cause.name().toLowerCase(Locale.ROOT);
  }
}
