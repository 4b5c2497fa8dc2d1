package org.alignment4j.examples.privacy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.core.report.Chart;
import org.alignment4j.core.report.Report;
import org.alignment4j.core.report.Section;
import org.alignment4j.eval.privacy.MembershipResult;

/** The page of a run. */
final class PrivacyPage {
  private PrivacyPage() {}

  static Report of(PrivacyResult result, PrivacySettings settings) {
    return Report.builder("Privacy of the pocket model")
        .subtitle("Secrets planted once, ten and a hundred times are looked for")
        .add(
            Section.text(
                "What this is",
                "The model's training texts hold secret codes of invented people, each a known"
                    + " number of times. Attacks see the model only; the planting judges them.",
                "Authority: " + result.membership().authority()))
        .add(
            new Section.Charts(
                "Decay with repetition",
                List.of(decay(result), exposure(result), extraction(result)),
                "Membership compares planted texts with ones of the same form that were never"
                    + " planted; whiskers are 95 % intervals. Chance is 0.5 for the area and 1.4"
                    + " bits for exposure."))
        .add(Section.table("Membership inference", PrivacyTable.membership(result)))
        .add(
            new Section.Tabular(
                "Exposure and extraction",
                PrivacyTable.secrets(result),
                "Exposure of whole codes is extrapolated from "
                    + settings.candidates()
                    + " drawn codes by a skew normal distribution, at most 19.9 bits; that of the"
                    + " last two digits, the first four being known, is exact by enumeration."))
        .add(
            new Section.Tabular(
                "Extraction by sampling",
                PrivacyTable.sampled(result),
                "Of "
                    + result.sampled().sampled()
                    + " sampled texts "
                    + result.sampled().texts().size()
                    + " are distinct; "
                    + result.sampled().extracted().size()
                    + " planted secrets occur in them word for word. Failed samples: "
                    + result.sampled().failed()
                    + "; texts without a ranking: "
                    + result.sampled().unscored()
                    + "."))
        .add(new Section.KeyValues("Settings", settings(settings, result)))
        .build();
  }

  private static Chart decay(PrivacyResult result) {
    Chart.Lines lines =
        new Chart.Lines("Membership inference", "log10 of copies", "area under the ROC", List.of());
    List<String> scores =
        result.membership().results().stream().map(MembershipResult::score).distinct().toList();
    for (String score : scores) {
      List<Chart.Point> points = new ArrayList<>();
      for (MembershipResult each : result.membership().byGroup(score)) {
        points.add(Chart.Point.of(Math.log10(Double.parseDouble(each.group())), each.area()));
      }
      lines = lines.with(score, points);
    }
    return lines;
  }

  private static Chart exposure(PrivacyResult result) {
    return new Chart.Bars("Exposure by copies", "bits", result.copies(), List.of())
        .with(
            "whole code (of 19.9)",
            result.copies().stream().map(c -> PrivacyTable.at(result.fitted(), c)).toList())
        .with(
            "last two digits (of 6.6)",
            result.copies().stream().map(c -> PrivacyTable.at(result.ranked(), c)).toList());
  }

  private static Chart extraction(PrivacyResult result) {
    return new Chart.Bars("Extraction by copies", "share of codes", result.copies(), List.of())
        .with(
            "greedy",
            result.copies().stream().map(c -> PrivacyTable.at(result.greedy(), c)).toList())
        .with(
            "beam of 4",
            result.copies().stream().map(c -> PrivacyTable.at(result.beam(), c)).toList());
  }

  private static Map<String, String> settings(PrivacySettings settings, PrivacyResult result) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("model", result.membership().model());
    values.put("seed", Long.toString(settings.seed()));
    values.put("texts never planted", Integer.toString(settings.decoys()) + " and 20 secrets");
    values.put("failed texts", result.membership().failures().toString());
    values.put("settings", settings.toString());
    return values;
  }
}
