package org.alignment4j.eval.gate;

import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.eval.gate.GateResult.Outcome;
import org.apiguardian.api.API;

/**
 * What all gates found.
 *
 * @param results one for each gate, model and metric
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record GateReport(List<GateResult> results) {
  /** Every gate is open or skipped. */
  public static final int EXIT_OPEN = 0;

  /** A gate's condition does not hold. */
  public static final int EXIT_FAILED = 1;

  /** No condition is known not to hold, but some gate stays closed as the samples cannot tell. */
  public static final int EXIT_UNDECIDED = 2;

  /** Copies the results. */
  public GateReport {
    results = List.copyOf(results);
  }

  /** Whether nothing is held back. */
  public boolean open() {
    return closed().isEmpty();
  }

  /** Returns the results that hold back. */
  public List<GateResult> closed() {
    return results.stream().filter(r -> r.outcome() == Outcome.CLOSED).toList();
  }

  /** Returns the exit code of a program: one of the constants of this class. */
  public int exitCode() {
    if (open()) {
      return EXIT_OPEN;
    }
    return closed().stream().anyMatch(r -> r.verdict() == Verdict.FAILED)
        ? EXIT_FAILED
        : EXIT_UNDECIDED;
  }

  /** Returns a table in Markdown with a row for each result, such as for a pull request. */
  public String markdown() {
    StringBuilder text = new StringBuilder();
    text.append("| gate | verdict | figure | why |\n| --- | --- | --- | --- |\n");
    for (GateResult result : results) {
      StringJoiner row = new StringJoiner(" | ", "| ", " |\n");
      row.add(escaped(result.question()));
      row.add(result.verdict().name().toLowerCase(Locale.ROOT) + skipped(result));
      row.add(escaped(result.figure().map(Estimate::toString).orElse("")));
      row.add(escaped(result.reason()));
      text.append(row);
    }
    return text.toString();
  }

  private static String skipped(GateResult result) {
    return result.outcome() == Outcome.SKIPPED ? ", skipped" : "";
  }

  private static String escaped(String text) {
    return text.replaceAll("\\s+", " ").replaceAll("([\\\\`*_{}<>#|\\[\\]])", "\\\\$1");
  }
}
