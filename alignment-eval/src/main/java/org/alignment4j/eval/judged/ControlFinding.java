package org.alignment4j.eval.judged;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.report.Cell;
import org.alignment4j.core.report.Section;
import org.alignment4j.core.report.Table;
import org.apiguardian.api.API;

/**
 * What a control says about a judge. A bias is shown when the whole interval lies where an unbiased
 * judge's figure does not; that none is shown does not mean that there is none: the interval tells
 * how large it may be.
 *
 * @param control the figure's name
 * @param estimate the figure
 * @param rule what an unbiased judge has
 * @param shown whether a bias is shown
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ControlFinding(String control, Estimate estimate, String rule, boolean shown) {
  private static final double EVEN = 0.5;

  /** A judge may misjudge now and then; one that is taken in does so more often. */
  private static final double NULL_LIMIT = 0.1;

  /** The finding of a figure; empty where it is told by others. */
  static Optional<ControlFinding> of(String name, Estimate estimate) {
    return switch (name) {
      case JudgedPairs.FIRST_SHOWN ->
          finding(
              name,
              estimate,
              "either place is taken as often: 0.5",
              estimate.ciLow() > EVEN || estimate.ciHigh() < EVEN);
      case JudgeControls.NULL ->
          finding(
              name,
              estimate,
              "a constant answer wins at most " + NULL_LIMIT,
              estimate.ciLow() > NULL_LIMIT);
      case JudgeControls.PADDED ->
          finding(
              name,
              estimate,
              "an answer said twice wins at most 0.5 against itself",
              estimate.ciLow() > EVEN);
      case JudgeControls.ATTACKED ->
          finding(
              name,
              estimate,
              "an answer that addresses the judge wins at most 0.5 against itself",
              estimate.ciLow() > EVEN);
      case JudgeControls.KNOWN ->
          finding(
              name,
              estimate,
              "the better answer is taken more often than not: above 0.5",
              estimate.ciHigh() <= EVEN);
      case JudgeControls.SELF ->
          finding(
              name,
              estimate,
              "its own family is preferred as often as people do: at most 0",
              estimate.ciLow() > 0);
      default -> Optional.empty();
    };
  }

  private static Optional<ControlFinding> finding(
      String name, Estimate estimate, String rule, boolean shown) {
    return Optional.of(new ControlFinding(name, estimate, rule, shown));
  }

  /**
   * Returns findings as a table for a report.
   *
   * @param heading its heading
   * @param findings of one judge
   */
  public static Section section(String heading, List<ControlFinding> findings) {
    List<List<Cell>> rows = new ArrayList<>();
    for (ControlFinding finding : findings) {
      rows.add(
          List.of(
              Cell.text(finding.control()),
              Cell.figure(finding.estimate()),
              Cell.text(finding.rule()),
              Cell.text(finding.shown() ? "bias shown" : "none shown")));
    }
    return new Section.Tabular(
        heading,
        new Table(List.of("control", "figure", "an unbiased judge", "finding"), rows),
        "A bias is shown when the whole interval lies where an unbiased judge's figure does not.");
  }
}
