package org.alignment4j.examples.discuss;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.alignment4j.core.report.Cell;
import org.alignment4j.core.report.Report;
import org.alignment4j.core.report.Section;
import org.alignment4j.core.report.Table;
import org.alignment4j.core.report.TextTable;
import org.alignment4j.examples.console.ResultFolder;
import org.alignment4j.oversight.society.SocietyScores;

/**
 * What was found, as tables and a page.
 *
 * @param findings the figures
 * @param provenance where they come from
 */
record DiscussPage(DiscussFindings findings, Map<String, String> provenance) {
  private static final int WIDTH = 150;

  void write(Path run, PrintStream out) {
    String text = TextTable.render(arms(), WIDTH) + "\n" + TextTable.render(differences(), WIDTH);
    Report report =
        Report.builder("Copies of the pocket model on questions of fact")
            .add(Section.table("How often the answer is right", arms()))
            .add(Section.table("Debate less the others", differences()))
            .add(new Section.KeyValues("Where this comes from", provenance))
            .build();
    new ResultFolder(run, out).write(text, report, "calls, table and report");
  }

  private Table arms() {
    Table table =
        Table.of(
            "arm",
            "accuracy",
            "first round's vote",
            "agreement, last round",
            "right to wrong",
            "wrong to right",
            "unread",
            "calls a question");
    for (Map.Entry<String, SocietyScores> entry : findings.scores().entrySet()) {
      SocietyScores scores = entry.getValue();
      table =
          table.row(
              Cell.text(entry.getKey()),
              Cell.figure(scores.accuracy(), 3),
              Cell.figure(scores.firstRound(), 3),
              Cell.figure(scores.consensus().get(scores.consensus().size() - 1), 3),
              Cell.figure(scores.rightToWrong(), 3),
              Cell.figure(scores.wrongToRight(), 3),
              Cell.count(scores.unparsed()),
              Cell.number(findings.calls().getOrDefault(entry.getKey(), 0.0), 1));
    }
    return table;
  }

  private Table differences() {
    Table table = Table.of("debate less", "difference of accuracy", "p (Holm)");
    List<DiscussFindings.Difference> differences = findings.differences();
    for (DiscussFindings.Difference difference : differences) {
      table =
          table.row(
              Cell.text(difference.reference()),
              Cell.figure(difference.estimate(), 3),
              Cell.text(String.format(Locale.ROOT, "%.4f", difference.adjusted())));
    }
    return table;
  }
}
