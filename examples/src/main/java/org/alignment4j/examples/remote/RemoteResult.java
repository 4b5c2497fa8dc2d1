package org.alignment4j.examples.remote;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.core.report.Cell;
import org.alignment4j.core.report.Table;
import org.alignment4j.core.report.TextTable;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.oversight.ChoiceQuestion;
import org.alignment4j.oversight.Ruling;
import org.alignment4j.oversight.RunReport;

/**
 * What the judge came to with and without a debate.
 *
 * @param alone verdicts on the questions alone
 * @param debate verdicts on debates
 */
public record RemoteResult(
    RunReport<ChoiceQuestion, Ruling> alone, RunReport<ChoiceQuestion, Ruling> debate) {

  /** Checks that nothing is missing. */
  public RemoteResult {
    Objects.requireNonNull(alone, "alone");
    Objects.requireNonNull(debate, "debate");
  }

  /**
   * Returns how often verdicts name the right option: of a question judged in both orders the share
   * of the two; one half is chance. Questions without a verdict and failed ones are counted apart.
   */
  public static Estimate accuracy(RunReport<ChoiceQuestion, Ruling> report) {
    List<Double> shares = new ArrayList<>();
    long unscored = 0;
    for (Map.Entry<ChoiceQuestion, Outcome<Ruling>> entry : report.outcomes().entrySet()) {
      ChoiceQuestion question = entry.getKey();
      String right = question.options().get(question.answer().orElseThrow());
      OptionalDouble share = entry.getValue().verdict().share(right);
      if (share.isPresent()) {
        shares.add(share.getAsDouble());
      } else {
        unscored++;
      }
    }
    double[] values = shares.stream().mapToDouble(Double::doubleValue).toArray();
    return Estimates.withMissing(
        Estimates.mean(values), unscored, report.questions().size() - report.outcomes().size());
  }

  /** What failed, by protocol and question. */
  public Map<String, String> failures() {
    Map<String, String> failures = new LinkedHashMap<>();
    alone.failures().forEach((q, what) -> failures.put("judge alone on '" + q.id() + "'", what));
    debate.failures().forEach((q, what) -> failures.put("debate on '" + q.id() + "'", what));
    return failures;
  }

  /** The figures as a table. */
  public String table() {
    Table table = Table.of("protocol", "accuracy (chance 0.5)", "calls", "tokens");
    return TextTable.render(table.row(row("judge alone", alone)).row(row("debate", debate)));
  }

  private static Cell[] row(String name, RunReport<ChoiceQuestion, Ruling> report) {
    return new Cell[] {
      Cell.text(name),
      Cell.figure(accuracy(report), 2),
      Cell.count(report.usage().calls()),
      Cell.count(report.usage().totalTokens())
    };
  }
}
