package org.alignment4j.examples.process;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.report.Cell;
import org.alignment4j.core.report.Chart;
import org.alignment4j.core.report.Report;
import org.alignment4j.core.report.Section;
import org.alignment4j.core.report.Table;
import org.alignment4j.core.report.TextTable;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.examples.console.ResultFolder;
import org.alignment4j.oversight.process.StepFigures;

/**
 * What was found, as tables and a page.
 *
 * @param scores the figures
 * @param sizes numbers of solutions to choose from
 * @param provenance where the figures come from
 */
record ProcessPage(ProcessScores scores, List<Integer> sizes, Map<String, String> provenance) {
  private static final int WIDTH = 170;
  private static final String LESS = " less ";

  /** One figure of n solutions. */
  private interface Curve {
    Estimate at(int n);
  }

  void write(Path run, PrintStream out) {
    Table right = curves(false);
    Table sound = curves(true);
    Table steps = steps();
    Report report =
        Report.builder("Process supervision of the pocket model")
            .add(Section.table("Solutions", solutions()))
            .add(Section.table("Right answers", right))
            .add(Section.charts("Best of n", chart()))
            .add(Section.table("Right answers by right steps", sound))
            .add(Section.table("Steps", steps))
            .add(new Section.KeyValues("Where this comes from", provenance))
            .build();
    String text =
        String.join(
            "\n",
            TextTable.render(solutions(), WIDTH),
            "right answers",
            TextTable.render(right, WIDTH),
            "right answers by right steps",
            TextTable.render(sound, WIDTH),
            "steps",
            TextTable.render(steps, WIDTH));
    new ResultFolder(run, out).write(text, report, "models, solutions, table and report");
  }

  private Table solutions() {
    return Table.of("right answers", "by right steps", "wrong steps of right answers")
        .row(
            Cell.percent(scores.right(ProcessScores.RANDOM, 1)),
            Cell.percent(scores.sound(ProcessScores.RANDOM, 1)),
            percent(scores.falsePositives()));
  }

  private Table curves(boolean sound) {
    List<String> columns = new ArrayList<>(List.of("chosen by"));
    sizes.forEach(n -> columns.add("n = " + n));
    Table table = Table.of(columns.toArray(new String[0]));
    for (String rule : scores.rules()) {
      // An answer by majority has no steps.
      if (!sound || !rule.equals(ProcessScores.MAJORITY)) {
        table = table.row(row(rule, n -> sound ? scores.sound(rule, n) : scores.right(rule, n)));
      }
    }
    for (String other : List.of(ProcessScores.OUTCOME, ProcessScores.MAJORITY)) {
      if (!sound || !other.equals(ProcessScores.MAJORITY)) {
        table =
            table.row(
                row(
                    ProcessScores.PROCESS + LESS + other,
                    n ->
                        sound
                            ? scores.soundMore(ProcessScores.PROCESS, other, n)
                            : scores.rightMore(ProcessScores.PROCESS, other, n)));
      }
    }
    return table;
  }

  private Cell[] row(String name, Curve curve) {
    List<Cell> cells = new ArrayList<>(List.of(Cell.text(name)));
    sizes.forEach(n -> cells.add(Cell.percent(curve.at(n))));
    return cells.toArray(new Cell[0]);
  }

  private Chart.Lines chart() {
    List<Chart.Series> series = new ArrayList<>();
    for (String rule : scores.rules()) {
      series.add(
          new Chart.Series(
              rule, sizes.stream().map(n -> Chart.Point.of(n, scores.right(rule, n))).toList()));
    }
    return new Chart.Lines("Right answers", "solutions", "share", series);
  }

  private Table steps() {
    Table table =
        Table.of(
            "model",
            "first mistake, or none, found",
            "first mistake found where there is one",
            "area under the curve of steps",
            "mean squared error",
            "right answers by wrong steps rejected",
            "wholly right solutions rejected");
    for (String model : scores.models()) {
      Optional<StepFigures> all = scores.steps(model);
      table =
          table.row(
              Cell.text(model),
              percent(all.map(StepFigures::firstMistake)),
              percent(scores.stepsOfMistaken(model).map(StepFigures::firstMistake)),
              figure(all.flatMap(StepFigures::area).map(Bootstrap.Result::estimate)),
              figure(all.map(StepFigures::error)),
              percent(scores.caught(model)),
              percent(scores.falseAlarms(model)));
    }
    return table;
  }

  private static Cell percent(Optional<Estimate> estimate) {
    return estimate.map(Cell::percent).orElseGet(Cell::unknown);
  }

  private static Cell figure(Optional<Estimate> estimate) {
    return estimate.map(Cell::figure).orElseGet(Cell::unknown);
  }
}
