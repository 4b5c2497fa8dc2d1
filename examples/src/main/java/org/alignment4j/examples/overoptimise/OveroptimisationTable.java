package org.alignment4j.examples.overoptimise;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.core.report.Cell;
import org.alignment4j.core.report.Table;
import org.alignment4j.core.report.TextTable;
import org.alignment4j.rlhf.study.OveroptimisationCurve;
import org.alignment4j.rlhf.study.OveroptimisationForm;
import org.alignment4j.rlhf.study.OveroptimisationPoint;
import org.alignment4j.rlhf.study.OveroptimisationResult;

/** The points of a study as text. */
final class OveroptimisationTable {

  private static final int WIDTH = 100;

  private OveroptimisationTable() {}

  static String text(OveroptimisationResult result) {
    List<String> parts = new ArrayList<>();
    for (OveroptimisationCurve curve : result.curves()) {
      parts.add(TextTable.render(table(curve), WIDTH));
      parts.add(
          "gold at the end against its highest: %s standard deviations (%s); fitted gold: %s%n"
              .formatted(
                  curve.goldFall(),
                  curve.goldFall().ciHigh() < 0 ? "a fall is shown" : "no fall is shown",
                  curve.gold().map(g -> g.fit().verdict().text()).orElse("no fit")));
    }
    parts.add(
        "Gains over the base in standard deviations of its replies, on held-out requests; brackets"
            + " are 95 % intervals over requests. Gold is the share of requests treated rightly. The"
            + " highest point is chosen on half of the requests and compared on the others, and the"
            + " interval of a fall allows for the choice.");
    return String.join("\n", parts);
  }

  private static Table table(OveroptimisationCurve curve) {
    String name =
        curve.form() == OveroptimisationForm.BEST_OF_N ? "best of n" : "GRPO without penalty";
    Table table = Table.of(name, "KL", "proxy gain", "gold gain", "gold");
    for (OveroptimisationPoint point : curve.points()) {
      table =
          table.row(
              Cell.text(point.label()),
              Cell.figure(point.kl(), 2),
              Cell.figure(point.proxyGain(), 2),
              Cell.figure(point.goldGain(), 2),
              Cell.percent(point.gold()));
    }
    return table;
  }
}
