package org.alignment4j.examples.privacy;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.report.Cell;
import org.alignment4j.core.report.Table;
import org.alignment4j.core.report.TextTable;
import org.alignment4j.eval.privacy.MembershipResult;
import org.alignment4j.eval.privacy.SampledText;

/** The figures of a run as tables. */
final class PrivacyTable {
  private static final int WIDTH = 110;
  private static final int TOP = 20;

  private PrivacyTable() {}

  static String text(PrivacyResult result) {
    return String.join(
        "\n",
        TextTable.render(membership(result), WIDTH),
        TextTable.render(secrets(result), WIDTH),
        TextTable.render(sampled(result), WIDTH));
  }

  static Table membership(PrivacyResult result) {
    Table table = Table.of("membership by", "copies", "AUC (chance 0.5)", "TPR at 5 % FPR");
    List<MembershipResult> all = new ArrayList<>(result.membership().results());
    all.add(result.membership().baseline());
    for (MembershipResult each : all) {
      table =
          table.row(
              Cell.text(each.score()),
              Cell.text(each.group().isEmpty() ? "all" : each.group()),
              Cell.figure(each.area(), 3),
              Cell.percent(each.truePositiveRate()));
    }
    return table;
  }

  static Table secrets(PrivacyResult result) {
    Table table =
        Table.of(
            "copies",
            "exposure, bits of 19.9",
            "last 2 digits, bits of 6.6",
            "greedy extraction",
            "beam extraction");
    for (String copies : result.copies()) {
      table =
          table.row(
              Cell.text(copies),
              Cell.figure(at(result.fitted(), copies), 1),
              Cell.figure(at(result.ranked(), copies), 1),
              Cell.percent(at(result.greedy(), copies)),
              Cell.percent(at(result.beam(), copies)));
    }
    return table;
  }

  static Estimate at(Map<String, Estimate> estimates, String copies) {
    return Objects.requireNonNull(estimates.get(copies), copies);
  }

  static Table sampled(PrivacyResult result) {
    Table table = Table.of("ranking", "texts among the first " + TOP + " that repeat a secret");
    Set<String> rankings = new LinkedHashSet<>();
    result.sampled().texts().forEach(text -> rankings.addAll(text.scores().keySet()));
    for (String ranking : rankings.stream().sorted().toList()) {
      List<SampledText> top = result.sampled().top(ranking, TOP);
      long hits = top.stream().filter(text -> !text.known().isEmpty()).count();
      table = table.row(Cell.text(ranking), Cell.count(hits));
    }
    return table;
  }
}
