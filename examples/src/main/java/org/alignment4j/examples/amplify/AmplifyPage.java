package org.alignment4j.examples.amplify;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.report.Cell;
import org.alignment4j.core.report.Report;
import org.alignment4j.core.report.Section;
import org.alignment4j.core.report.Table;
import org.alignment4j.core.report.TextTable;
import org.alignment4j.examples.console.ResultFolder;

/**
 * What was found, as tables and a page.
 *
 * @param scores the figures
 * @param settings what was fixed before
 * @param provenance where they come from
 */
record AmplifyPage(AmplifyScores scores, AmplifySettings settings, Map<String, String> provenance) {
  private static final int WIDTH = 170;

  void write(Path run, PrintStream out) {
    String text =
        String.join(
            "\n", TextTable.render(accuracy(), WIDTH), TextTable.render(differences(), WIDTH));
    Report report =
        Report.builder("Iterated amplification of the pocket model")
            .add(Section.table("How often answers are right", accuracy()))
            .add(Section.table("What distillation keeps", differences()))
            .add(new Section.KeyValues("Where this comes from", provenance))
            .build();
    new ResultFolder(run, out).write(text, report, "models, table and report");
  }

  private Table accuracy() {
    List<String> groups = scores.groups();
    Table table = Table.of(columns("answered", groups));
    for (String arm : scores.arms()) {
      Cell[] row = new Cell[groups.size() + 1];
      row[0] = Cell.text(arm);
      for (int i = 0; i < groups.size(); i++) {
        row[i + 1] = percent(scores.accuracy(arm, groups.get(i)));
      }
      table = table.row(row);
    }
    return table;
  }

  private static String[] columns(String first, List<String> groups) {
    String[] columns = new String[groups.size() + 1];
    columns[0] = first;
    for (int i = 0; i < groups.size(); i++) {
      columns[i + 1] = groups.get(i);
    }
    return columns;
  }

  private static Cell percent(Optional<Estimate> estimate) {
    return estimate.map(Cell::percent).orElseGet(Cell::unknown);
  }

  private Table differences() {
    Table table =
        Table.of("answered", "less", "questions", "difference", "share of the gain that is kept");
    for (String arm :
        List.of(AmplifyJob.DISTILLED, AmplifyJob.WITH_STEPS, AmplifyJob.OWN, AmplifyJob.SHUFFLED)) {
      for (String group : List.of(Compositions.KNOWN_PEOPLE, Compositions.NEW_PEOPLE)) {
        table =
            table.row(
                Cell.text(arm),
                Cell.text(AmplifyJob.UNAIDED),
                Cell.text(group),
                Cell.percent(scores.difference(arm, AmplifyJob.UNAIDED, group)),
                kept(arm, group));
      }
    }
    // A model that was not taught to say Yes or No is no measure of what is gained: guesses are.
    for (String arm : List.of(AmplifyJob.DISTILLED, AmplifyJob.WITH_STEPS)) {
      String asked = arm + AmplifyJob.ASKED;
      table =
          table.row(
              Cell.text(asked),
              Cell.text(AmplifyJob.AMPLIFIED),
              Cell.text(Compositions.COMPARISONS),
              Cell.percent(
                  scores.difference(asked, AmplifyJob.AMPLIFIED, Compositions.COMPARISONS)),
              Cell.unknown());
    }
    return table;
  }

  private Cell kept(String arm, String group) {
    return percent(
        scores.kept(arm, AmplifyJob.UNAIDED, AmplifyJob.AMPLIFIED, group, settings.seed()));
  }
}
