package org.alignment4j.examples.oversee;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.core.report.Cell;
import org.alignment4j.core.report.Report;
import org.alignment4j.core.report.Section;
import org.alignment4j.core.report.Table;
import org.alignment4j.core.report.TextTable;
import org.alignment4j.examples.console.ResultFolder;
import org.alignment4j.oversight.ChoiceQuestion;
import org.alignment4j.oversight.Ruling;
import org.alignment4j.oversight.study.StudyFindings;
import org.alignment4j.oversight.transcript.Transcripts;

/**
 * What the study found, as tables and a page.
 *
 * @param findings the figures
 * @param settings what was fixed before
 * @param provenance where they come from
 */
record OverseePage(
    StudyFindings findings, OverseeSettings settings, Map<String, String> provenance) {
  private static final int WIDTH = 140;
  private static final int SHOWN = 12;

  void write(Path run, PrintStream out) {
    String text =
        String.join(
            "\n",
            TextTable.render(arms(), WIDTH),
            TextTable.render(halves(), WIDTH),
            TextTable.render(differences(), WIDTH));
    Report.Builder report =
        Report.builder("Debate on passages")
            .add(Section.table("How often the judge is right", arms()))
            .add(Section.table("Consultants for the right and for the wrong answer", halves()))
            .add(Section.table("Differences between arms", differences()))
            .add(Transcripts.section("Debates of the first debater", first(OverseeJob.DEBATE)))
            .add(
                Transcripts.section(
                    "Consultants for the first answer", first(OverseeJob.CONSULTANCY)))
            .add(new Section.KeyValues("Where this comes from", provenance));
    new ResultFolder(run, out).write(text, report.build(), "debaters, calls, table and report");
  }

  private Table arms() {
    Table table =
        Table.of("arm", "accuracy", "Brier score", "first option", "calls a question", "tokens");
    for (Map.Entry<String, Usage> cost : findings.result().usage().entrySet()) {
      String arm = cost.getKey();
      Usage usage = cost.getValue();
      int variants = findings.rows().getOrDefault(arm, List.of()).get(0).tries().size();
      table =
          table.row(
              Cell.text(arm),
              figure(arm, StudyFindings.ACCURACY),
              figure(arm, StudyFindings.BRIER),
              figure(arm, StudyFindings.FIRST_OPTION),
              Cell.number((double) usage.calls() / settings.questions() / variants, 1),
              Cell.count(usage.totalTokens()));
    }
    return table;
  }

  private Table halves() {
    return Table.of("consultant argues for", "accuracy")
        .row(
            Cell.text("the right answer"),
            figure(OverseeJob.CONSULTANCY, StudyFindings.DEFENDING_TRUTH))
        .row(
            Cell.text("the wrong answer"),
            figure(OverseeJob.CONSULTANCY, StudyFindings.DEFENDING_FALSEHOOD));
  }

  /** What an arm's first variant came to on the first questions. */
  private Map<ChoiceQuestion, Outcome<Ruling>> first(String arm) {
    Map<ChoiceQuestion, Outcome<Ruling>> outcomes = new LinkedHashMap<>();
    findings.rows().getOrDefault(arm, List.of()).stream()
        .limit(SHOWN)
        .forEach(
            row ->
                row.tries()
                    .get(0)
                    .outcome()
                    .ifPresent(outcome -> outcomes.put(row.question(), outcome)));
    return outcomes;
  }

  private Cell figure(String arm, String metric) {
    Estimate estimate = findings.result().estimates().getOrDefault(arm, Map.of()).get(metric);
    return estimate == null ? Cell.unknown() : Cell.figure(estimate, 3);
  }

  private Table differences() {
    List<StudyFindings.Difference> shown = new ArrayList<>(findings.differences());
    Table table = Table.of("arm", "less", "difference of accuracy", "p (Holm)");
    for (StudyFindings.Difference difference : shown) {
      table =
          table.row(
              Cell.text(difference.arm()),
              Cell.text(difference.reference()),
              Cell.figure(difference.estimate(), 3),
              Cell.text(String.format(Locale.ROOT, "%.4f", difference.adjusted())));
    }
    return table;
  }
}
