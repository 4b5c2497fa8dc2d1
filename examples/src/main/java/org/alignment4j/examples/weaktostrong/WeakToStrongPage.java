package org.alignment4j.examples.weaktostrong;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.report.Cell;
import org.alignment4j.core.report.Report;
import org.alignment4j.core.report.Section;
import org.alignment4j.core.report.Table;
import org.alignment4j.core.report.TextTable;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.examples.console.ResultFolder;
import org.alignment4j.oversight.weaktostrong.Trial;
import org.alignment4j.oversight.weaktostrong.WeakToStrong;
import org.alignment4j.oversight.weaktostrong.WeakToStrongScores;
import org.jspecify.annotations.Nullable;

/**
 * What the experiments came to, as tables and a page.
 *
 * @param arms in the order to show them
 * @param scores over all seeds
 * @param trials of each seed
 * @param provenance where the figures come from
 */
record WeakToStrongPage(
    List<String> arms,
    WeakToStrongScores scores,
    List<Trial> trials,
    Map<String, String> provenance) {
  private static final int WIDTH = 120;

  void write(Path run, PrintStream out) {
    String text =
        String.join("\n", TextTable.render(figures(), WIDTH), TextTable.render(seeds(), WIDTH));
    Report report =
        Report.builder("Weak-to-strong generalisation")
            .add(Section.table("Right test answers, and the gap recovered", figures()))
            .add(Section.table("Each seed", seeds()))
            .add(new Section.KeyValues("Where this comes from", provenance))
            .build();
    new ResultFolder(run, out).write(text, report, "models, trainings, table and report");
  }

  private Table figures() {
    Table table =
        Table.of(
            "arm",
            "accuracy",
            "performance gap recovered",
            "resamples without a gap",
            "right where the weak is wrong");
    for (String arm : arms) {
      Optional<Bootstrap.Result> recovered = scores.recovered().getOrDefault(arm, Optional.empty());
      table =
          table.row(
              Cell.text(arm),
              cell(scores.accuracies().get(arm)),
              recovered.map(r -> Cell.figure(r.estimate(), 3)).orElse(Cell.unknown()),
              recovered.map(r -> Cell.count(r.undefinedResamples())).orElse(Cell.unknown()),
              scores.recovered().containsKey(arm) ? corrected(arm) : Cell.unknown());
    }
    return table.row(
        Cell.text("labels for the students"),
        cell(scores.labels()),
        Cell.unknown(),
        Cell.unknown(),
        Cell.unknown());
  }

  /**
   * A student that only copies is right there never, one that errs independently as often as else.
   */
  private Cell corrected(String arm) {
    double[] right =
        trials.stream()
            .flatMapToDouble(
                trial ->
                    IntStream.range(0, trial.right(arm).size())
                        .filter(i -> trial.right(WeakToStrong.WEAK).get(i) < 0.5)
                        .mapToDouble(i -> trial.right(arm).get(i)))
            .toArray();
    return right.length == 0 ? Cell.unknown() : Cell.number(mean(right), 3);
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  private static Cell cell(@Nullable Estimate estimate) {
    return estimate == null ? Cell.unknown() : Cell.figure(estimate, 3);
  }

  private Table seeds() {
    Table table = Table.of("seed", "arm", "accuracy", "performance gap recovered");
    for (Trial trial : trials) {
      for (String arm : trial.right().keySet()) {
        table =
            table.row(
                Cell.count(trial.seed()),
                Cell.text(arm),
                Cell.number(trial.accuracy(arm), 3),
                scores.recovered().containsKey(arm) && trial.recovered(arm).isPresent()
                    ? Cell.number(trial.recovered(arm).getAsDouble(), 3)
                    : Cell.unknown());
      }
      table =
          table.row(
              Cell.count(trial.seed()),
              Cell.text("labels for the students"),
              Cell.number(mean(trial.labelsRight().stream().mapToDouble(r -> r).toArray()), 3),
              Cell.unknown());
    }
    return table;
  }
}
