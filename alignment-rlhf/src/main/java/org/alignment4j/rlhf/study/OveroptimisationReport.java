package org.alignment4j.rlhf.study;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.report.Cell;
import org.alignment4j.core.report.Chart;
import org.alignment4j.core.report.Section;
import org.alignment4j.core.report.Table;

/** Draws how proxy and gold reward part. */
final class OveroptimisationReport {

  /** Enough that a curve looks smooth, and more than charts mark. */
  private static final int CURVE_POINTS = 60;

  /** More points than this are joined instead of marked one by one. */
  private static final int MARKED = 12;

  private final OveroptimisationResult result;

  OveroptimisationReport(OveroptimisationResult result) {
    this.result = result;
  }

  List<Section> sections() {
    List<Section> sections = new ArrayList<>();
    for (OveroptimisationCurve curve : result.curves()) {
      sections.add(Section.text(name(curve), sentence(curve)));
      sections.add(
          new Section.Charts(
              "",
              List.of(chart(curve), lengths(curve)),
              "Gains are over the initial policy, in standard deviations of the reward under it, with"
                  + " intervals at level 0.95 over prompts. Fitted: "
                  + formula(curve)
                  + "."));
      sections.add(
          new Section.Tabular(
              "",
              fits(curve),
              "d* is where the fitted reward is highest; intervals are bootstrapped over prompts,"
                  + " and that of d* is of the resamples that have one."));
      sections.add(
          new Section.Tabular(
              "",
              points(curve),
              "KL in nats of a whole answer"
                  + (curve.form() == OveroptimisationForm.BEST_OF_N
                      ? ", log n − (n−1)/n; the entropy is −log π₀ of the chosen answers' tokens"
                      : "; the entropy is −log π of the sampled tokens")
                  + "."));
    }
    return sections;
  }

  private static String name(OveroptimisationCurve curve) {
    return curve.form() == OveroptimisationForm.BEST_OF_N ? "Best of n" : "Reinforcement learning";
  }

  private static String formula(OveroptimisationCurve curve) {
    return curve.form() == OveroptimisationForm.BEST_OF_N
        ? "R(d) = d(α − βd)"
        : "R(d) = d(α − β log d)";
  }

  private String sentence(OveroptimisationCurve curve) {
    OveroptimisationPoint last = curve.points().get(curve.points().size() - 1);
    String end =
        "At the largest distance, d = %s, the proxy %s has gained %s and the gold reward %s %s standard deviations"
            .formatted(
                decimal(last.distance()),
                result.proxy(),
                decimal(last.proxyGain().value()),
                result.gold(),
                decimal(last.goldGain().value()));
    Estimate measured = curve.goldFall();
    String fall =
        (". Against the highest of all %s points, the gold reward there is %s standard deviations:"
                + " %s. The highest is chosen on half of the prompts and compared on the others, and"
                + " the interval allows for the choice. ")
            .formatted(
                curve.points().size(),
                minus(measured),
                measured.ciHigh() < 0 ? "a fall is shown" : "no fall is shown");
    String fit =
        curve
            .gold()
            .map(
                g ->
                    "The fitted gold reward: "
                        + g.fit().verdict().text()
                        + g.peak().map(p -> ", d* = " + minus(p)).orElse("")
                        + ".")
            .orElse("Too few different distances were measured to fit a curve.");
    return end + fall + fit;
  }

  private static String minus(Estimate estimate) {
    return estimate.toString().replace('-', '−');
  }

  private static String decimal(double value) {
    return String.format(Locale.ROOT, "%.2f", value).replace('-', '−');
  }

  private Chart chart(OveroptimisationCurve curve) {
    Chart.Lines chart =
        new Chart.Lines(
                "Proxy and gold reward",
                "d = √KL(π‖π₀), √nats",
                "gain, standard deviations",
                List.of())
            .with("proxy", measured(curve, OveroptimisationPoint::proxyGain))
            .with("gold", measured(curve, OveroptimisationPoint::goldGain));
    chart = fitted(chart, "proxy, fitted", curve.proxy());
    return fitted(chart, "gold, fitted", curve.gold());
  }

  private static Chart lengths(OveroptimisationCurve curve) {
    return new Chart.Lines("Length of answers", "d = √KL(π‖π₀), √nats", "tokens", List.of())
        .with("length", points(curve, OveroptimisationPoint::length));
  }

  private static List<Chart.Point> measured(
      OveroptimisationCurve curve, Function<OveroptimisationPoint, Estimate> figure) {
    List<Chart.Point> points = points(curve, figure);
    return points.size() > MARKED ? points : Scatter.of(points).get(0);
  }

  private static List<Chart.Point> points(
      OveroptimisationCurve curve, Function<OveroptimisationPoint, Estimate> figure) {
    return curve.points().stream().map(p -> Chart.Point.of(p.distance(), figure.apply(p))).toList();
  }

  private static Chart.Lines fitted(Chart.Lines chart, String name, Optional<FittedReward> reward) {
    if (reward.isEmpty()) {
      return chart;
    }
    OveroptimisationFit fit = reward.get().fit();
    List<Chart.Point> points = new ArrayList<>();
    for (int i = 0; i <= CURVE_POINTS; i++) {
      double d = fit.high() * i / CURVE_POINTS;
      points.add(Chart.Point.of(d, fit.value(d)));
    }
    return chart.with(name, points);
  }

  private Table fits(OveroptimisationCurve curve) {
    Table table = Table.of("reward", "α", "β", "d*", "R(d*)", "residual", "verdict");
    table = row(table, result.proxy() + " (proxy)", curve.proxy());
    return row(table, result.gold() + " (gold)", curve.gold());
  }

  private static Table row(Table table, String name, Optional<FittedReward> reward) {
    if (reward.isEmpty()) {
      return table;
    }
    FittedReward fitted = reward.get();
    return table.row(
        Cell.text(name),
        Cell.figure(fitted.alpha()),
        Cell.figure(fitted.beta()),
        fitted.peak().<Cell>map(p -> Cell.figure(p, 2)).orElse(Cell.unknown()),
        fitted.peakReward().<Cell>map(p -> Cell.figure(p, 2)).orElse(Cell.unknown()),
        Cell.number(fitted.fit().residual(), 3),
        Cell.text(fitted.fit().verdict().text()));
  }

  private static Table points(OveroptimisationCurve curve) {
    Table table = Table.of("policy", "d", "KL", "proxy", "gold", "gold wins", "length", "entropy");
    for (OveroptimisationPoint p : curve.points()) {
      table =
          table.row(
              Cell.text(p.label()),
              Cell.number(p.distance(), 2),
              Cell.figure(p.kl(), 2),
              Cell.figure(p.proxy()),
              Cell.figure(p.gold()),
              Cell.percent(p.winRate()),
              Cell.number(p.length().value(), 1),
              Cell.number(p.entropy().value(), 2));
    }
    return table;
  }
}
