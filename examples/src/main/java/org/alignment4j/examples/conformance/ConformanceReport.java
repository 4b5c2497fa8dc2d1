package org.alignment4j.examples.conformance;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.alignment4j.core.report.Cell;
import org.alignment4j.core.report.Table;
import org.alignment4j.core.report.TextTable;

/**
 * Every result of a run.
 *
 * @param results in the order in which the cases ran
 */
public record ConformanceReport(List<CaseResult> results) {

  /** Copies. */
  public ConformanceReport {
    results = List.copyOf(results);
  }

  /** How many cases ended like this. */
  public long count(Outcome outcome) {
    return results.stream().filter(r -> r.outcome() == outcome).count();
  }

  /** One line per case that compares numbers, fails or is skipped; exact ones by group. */
  public String cases() {
    Map<String, List<CaseResult>> groups = new LinkedHashMap<>();
    for (CaseResult r : results) {
      groups.computeIfAbsent(r.kind() + " / " + r.group(), k -> new ArrayList<>()).add(r);
    }
    StringBuilder text = new StringBuilder();
    groups.forEach((name, group) -> appendGroup(text, name, group));
    return text.toString();
  }

  private static void appendGroup(StringBuilder text, String name, List<CaseResult> group) {
    text.append(name).append('\n');
    long exact = group.stream().filter(ConformanceReport::isExactPass).count();
    if (exact > 0) {
      text.append("  ok    ").append(exact).append(exact == 1 ? " case" : " cases");
      text.append(" equal\n");
    }
    for (CaseResult r : group) {
      if (isExactPass(r)) {
        continue;
      }
      switch (r.outcome()) {
        case PASSED -> text.append("  ok    ").append(r.name()).append(": worst error ");
        case FAILED -> text.append("  FAIL  ").append(r.name()).append(": ");
        case SKIPPED -> text.append("  skip  ").append(r.name()).append(": ");
      }
      if (r.outcome() == Outcome.PASSED) {
        text.append(r.worst()).append(" allowed at ");
      }
      text.append(r.detail()).append('\n');
    }
  }

  private static boolean isExactPass(CaseResult r) {
    return r.outcome() == Outcome.PASSED && r.worst().isNone();
  }

  /** Counts and worst errors by kind. */
  public String summary() {
    Set<String> kinds = new LinkedHashSet<>();
    results.forEach(r -> kinds.add(r.kind()));
    Table table =
        Table.of("kind", "cases", "passed", "failed", "skipped", "worst error", "allowed there");
    for (String kind : kinds) {
      table = row(table, kind, results.stream().filter(r -> r.kind().equals(kind)).toList());
    }
    return TextTable.render(row(table, "all", results), 100);
  }

  private static Table row(Table table, String name, List<CaseResult> results) {
    ConformanceReport part = new ConformanceReport(results);
    Deviation worst =
        results.stream().map(CaseResult::worst).reduce(Deviation.none(), Deviation::worse);
    String exact = part.count(Outcome.SKIPPED) == results.size() ? "–" : "exact";
    return table.row(
        Cell.text(name),
        Cell.count(results.size()),
        Cell.count(part.count(Outcome.PASSED)),
        Cell.count(part.count(Outcome.FAILED)),
        Cell.count(part.count(Outcome.SKIPPED)),
        Cell.text(worst.isNone() ? exact : String.format(Locale.ROOT, "%.2e", worst.error())),
        Cell.text(worst.isNone() ? "–" : String.format(Locale.ROOT, "%.1e", worst.limit())));
  }
}
