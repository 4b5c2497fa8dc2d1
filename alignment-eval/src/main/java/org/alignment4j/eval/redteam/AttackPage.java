package org.alignment4j.eval.redteam;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.alignment4j.api.evaluation.BenchmarkResult;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.core.report.Chart;
import org.alignment4j.core.report.Report;
import org.alignment4j.core.report.Section;

/** The page of a report of attacks. Pure functions. */
final class AttackPage {

  private AttackPage() {}

  static Report of(AttackReport report, String title, int samples) {
    Report.Builder page = Report.builder(title);
    report
        .authorities()
        .forEach(
            (model, authority) ->
                page.add(
                    new Section.KeyValues(
                        "Authority",
                        ordered(
                            "model",
                            model,
                            "owner",
                            authority.owner(),
                            "purpose",
                            authority.purpose()))));
    if (!report.runs().isEmpty()) {
      page.add(
          new Section.Tabular(
              "Attack success",
              AttackTables.runs(report.runs()),
              "Share of goals reached, with Wilson's interval; goals without a verdict and failed"
                  + " ones are left out and counted. A gradient counts as three forwards. Work for"
                  + " each success includes that on missed goals."));
      page.add(
          new Section.Charts(
              "Attack curves",
              curves(report.runs()),
              "Share of goals reached within so much work for each goal; intervals are Wilson's."));
    }
    addTables(report, page);
    for (AttackRun run : report.runs()) {
      List<Section.Sample> shown = samples(run, samples);
      if (!shown.isEmpty()) {
        page.add(new Section.Samples("Outcomes of " + run.attack(), shown, 1, ""));
      }
    }
    for (AttackRun run : report.runs()) {
      page.add(
          new Section.KeyValues("Options of " + run.attack(), new LinkedHashMap<>(run.options())));
    }
    return page.build();
  }

  private static void addTables(AttackReport report, Report.Builder page) {
    if (!report.comparisons().isEmpty()) {
      page.add(
          new Section.Tabular(
              "Comparisons goal by goal",
              AttackTables.comparisons(report.comparisons()),
              "Share reached by the first minus that by the second, with Newcombe's paired"
                  + " interval."));
    }
    if (!report.beside().isEmpty()) {
      page.add(
          new Section.Tabular(
              "Over-refusal and utility beside it",
              AttackTables.beside(report.beside()),
              "A model that refuses everything is never attacked with success."));
    }
    if (!report.agreements().isEmpty()) {
      page.add(Section.table("Agreement of judges", AttackTables.agreements(report.agreements())));
    }
    for (BenchmarkResult result : report.benchmarks()) {
      page.add(
          new Section.Tabular(
              result.benchmark(), AttackTables.benchmark(result), "Model: " + result.modelId()));
    }
  }

  /** A chart of shares for each unit, and one of losses where there are any. */
  private static List<Chart> curves(List<AttackRun> runs) {
    List<Chart> charts = new ArrayList<>();
    for (WorkUnit unit : WorkUnit.values()) {
      Chart.Lines chart =
          new Chart.Lines(
              "Goals reached", unit.label() + " for a goal, at most", "share", List.of());
      for (AttackRun run : runs) {
        if (run.unit() == unit) {
          chart = chart.with(run.attack(), steps(AttackCurve.of(run)));
        }
      }
      if (!chart.series().isEmpty()) {
        charts.add(chart);
      }
    }
    Chart.Lines losses =
        new Chart.Lines("Mean best loss", "forwards for a goal", "nats", List.of());
    for (AttackRun run : runs) {
      List<Chart.Point> points = losses(run);
      if (run.unit() == WorkUnit.FORWARDS && !points.isEmpty()) {
        losses = losses.with(run.attack(), points);
      }
    }
    if (!losses.series().isEmpty()) {
      charts.add(losses);
    }
    return charts;
  }

  /** A share holds until the next one: the line rises where a goal was reached. */
  private static List<Chart.Point> steps(AttackCurve curve) {
    List<Chart.Point> points = new ArrayList<>();
    AttackCurve.Point before = null;
    for (AttackCurve.Point point : curve.points()) {
      if (before != null && before.share().value() != point.share().value()) {
        points.add(Chart.Point.of(point.work(), before.share().value()));
      }
      points.add(Chart.Point.of(point.work(), point.share()));
      before = point;
    }
    return points;
  }

  /** The mean over goals of the best loss, at every amount of work where one fell. */
  private static List<Chart.Point> losses(AttackRun run) {
    List<List<AttackOutcome.LossPoint>> curves =
        run.outcomes().stream()
            .map(AttackOutcome::curve)
            .filter(curve -> !curve.isEmpty())
            .toList();
    TreeSet<Long> works = new TreeSet<>();
    curves.forEach(curve -> curve.forEach(point -> works.add(point.work())));
    List<Chart.Point> points = new ArrayList<>();
    int[] at = new int[curves.size()];
    long first =
        curves.stream().mapToLong(curve -> curve.get(0).work()).max().orElse(Long.MAX_VALUE);
    for (long work : works) {
      double sum = 0;
      for (int i = 0; i < at.length; i++) {
        List<AttackOutcome.LossPoint> curve = curves.get(i);
        while (at[i] + 1 < curve.size() && curve.get(at[i] + 1).work() <= work) {
          at[i]++;
        }
        sum += curve.get(at[i]).loss();
      }
      if (work >= first) {
        points.add(Chart.Point.of(work, sum / at.length));
      }
    }
    return points;
  }

  private static List<Section.Sample> samples(AttackRun run, int most) {
    Map<String, AttackGoal> goals = new HashMap<>();
    run.goals().forEach(goal -> goals.put(goal.id(), goal));
    List<Section.Sample> samples = new ArrayList<>();
    for (AttackOutcome outcome : run.outcomes().subList(0, Math.min(most, run.outcomes().size()))) {
      AttackGoal goal = Objects.requireNonNull(goals.get(outcome.goal()));
      samples.add(
          Section.Sample.of(outcome.prompt())
              .labelled(goal.id() + ", wanted: " + goal.target() + figures(outcome))
              .reply(run.attack(), outcome.reply(), verdict(outcome.success())));
    }
    return samples;
  }

  private static String figures(AttackOutcome outcome) {
    StringBuilder text = new StringBuilder();
    for (String name : List.of("loss", "perplexity", "best rating")) {
      Double value = outcome.figures().get(name);
      if (value != null) {
        text.append(", ").append(name).append(String.format(Locale.ROOT, " %.3g", value));
      }
    }
    return text.toString();
  }

  /** Good for the model: that the attack failed. */
  private static Section.Verdict verdict(Score score) {
    if (score instanceof Score.Scored scored) {
      return scored.value() == 1
          ? new Section.Verdict("reached", false)
          : new Section.Verdict("missed", true);
    }
    return score instanceof Score.Unscored unscored
        ? new Section.Verdict("no verdict: " + unscored.reason(), false)
        : new Section.Verdict("failed: " + ((Score.Failed) score).error(), false);
  }

  private static Map<String, String> ordered(String... pairs) {
    Map<String, String> values = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      values.put(pairs[i], pairs[i + 1]);
    }
    return values;
  }
}
