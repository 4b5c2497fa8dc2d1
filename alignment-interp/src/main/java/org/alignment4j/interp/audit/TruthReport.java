package org.alignment4j.interp.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.report.Cell;
import org.alignment4j.core.report.Chart;
import org.alignment4j.core.report.Section;
import org.alignment4j.core.report.Table;
import org.alignment4j.core.statistics.RandomDraws;
import org.alignment4j.interp.probe.LinearProbe;
import org.apiguardian.api.API;

/**
 * Whether a model's activations tell true statements from false ones.
 *
 * @param modelId the model
 * @param method how probes were made
 * @param statements how many there were
 * @param sites figures of every site on the statements for choosing
 * @param probe the probe of the chosen site, for rows centred by topic
 * @param scale its scores as probabilities, fitted on the statements for choosing
 * @param accuracy of the probe on statements that nothing was fitted or chosen on
 * @param area area under its ROC there: the probability that a true statement scores above a false
 *     one
 * @param pairs share there of pairs of a true and a false statement of one group that the probe
 *     ranks rightly; n is 0 where no group has both
 * @param majority accuracy there of always saying what is more frequent
 * @param shuffled accuracies of probes at the chosen site fitted and tested on shuffled truths
 * @param directions accuracies there of random directions
 * @param transfers figures on topics that nothing was fitted or chosen on; none where there is one
 *     topic only
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record TruthReport(
    String modelId,
    String method,
    int statements,
    List<SiteAccuracy> sites,
    LinearProbe probe,
    PlattScale scale,
    Estimate accuracy,
    Estimate area,
    Estimate pairs,
    double majority,
    NullDraws shuffled,
    NullDraws directions,
    List<TopicTransfer> transfers) {

  /** Copies. */
  public TruthReport {
    Objects.requireNonNull(modelId, "modelId");
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(probe, "probe");
    Objects.requireNonNull(scale, "scale");
    Objects.requireNonNull(accuracy, "accuracy");
    Objects.requireNonNull(area, "area");
    Objects.requireNonNull(pairs, "pairs");
    Objects.requireNonNull(shuffled, "shuffled");
    Objects.requireNonNull(directions, "directions");
    sites = List.copyOf(sites);
    transfers = List.copyOf(transfers);
  }

  /** Accuracy minus the mean accuracy of probes of shuffled truths. */
  public double selectivity() {
    return accuracy.value() - shuffled.mean();
  }

  /**
   * Whether a direction was found that says more than chance: the interval of the accuracy lies
   * above the majority, and neither shuffled truths nor random directions come up with such an
   * accuracy more often than the interval errs ({@link NullDraws#chance} of both).
   */
  public boolean found() {
    double confidence = accuracy.confidence();
    return accuracy.ciLow() > majority
        && RandomDraws.rejects(shuffled.chance(), confidence)
        && RandomDraws.rejects(directions.chance(), confidence);
  }

  /**
   * Whether the direction is of truth rather than of the topics it was fitted on: it was found, and
   * on every topic held out the interval of the area lies above ½. False where there is one topic
   * only, since nothing says so.
   */
  public boolean general() {
    return found() && !transfers.isEmpty() && transfers.stream().allMatch(TopicTransfer::holds);
  }

  /** Probability that the probe ranks a true statement below a false one: its error on pairs. */
  double pairError() {
    return 1 - (pairs.n() > 0 ? pairs : area).value();
  }

  /**
   * Standard error of {@link #pairError}. Where no pair was ranked wrongly, that of a proportion's
   * interval, since none of few does not mean that there will be none.
   */
  double pairErrorDeviation() {
    Estimate ranked = pairs.n() > 0 ? pairs : area;
    if (ranked.standardError() > 0) {
      return ranked.standardError();
    }
    Estimate share = pairs.n() > 0 ? pairs : accuracy;
    double half = (share.ciHigh() - share.ciLow()) / 2;
    return half / ErrorCorrection.normalQuantile(share.confidence());
  }

  /** What came out, in one sentence. */
  public String verdict() {
    if (!found()) {
      return String.format(
          Locale.ROOT,
          "No direction of truth was found: accuracy %s at %s, majority %.3f; shuffled truths"
              + " do as well with probability %.3f, random directions with %.3f.",
          accuracy,
          probe.site(),
          majority,
          shuffled.chance(),
          directions.chance());
    }
    return String.format(
        Locale.ROOT,
        "At %s a direction tells true statements from false ones with accuracy %s; random"
            + " directions have %.3f in the mean, shuffled truths %.3f; %s.",
        probe.site(),
        accuracy,
        directions.mean(),
        shuffled.mean(),
        transfers.isEmpty()
            ? "whether it holds on other topics was not tested"
            : general()
                ? "it holds on every topic held out"
                : "it does not hold on every topic held out");
  }

  /** The figures that the verdict rests on. */
  public Table toTable() {
    Table table =
        Table.of("figure", "accuracy", "area under ROC")
            .row(Cell.text("probe"), Cell.figure(accuracy), Cell.figure(area))
            .row(Cell.text("pairs of one group ranked rightly"), Cell.figure(pairs), Cell.unknown())
            .row(Cell.text("majority"), Cell.number(majority, 3), Cell.unknown())
            .row(
                Cell.text("shuffled truths, mean"), Cell.number(shuffled.mean(), 3), Cell.unknown())
            .row(
                Cell.text("random directions, mean"),
                Cell.number(directions.mean(), 3),
                Cell.unknown())
            .row(
                Cell.text("random directions, greatest"),
                Cell.number(directions.greatest(), 3),
                Cell.unknown());
    for (TopicTransfer transfer : transfers) {
      table =
          table.row(
              Cell.text("fitted without '" + transfer.topic() + "'"),
              Cell.figure(transfer.accuracy()),
              Cell.figure(transfer.area()));
    }
    return table;
  }

  /** The verdict, the figures, and a bar a site. */
  public List<Section> sections() {
    boolean byLayer =
        sites.stream()
                .map(site -> site.site().point().kind() + " " + site.site().head())
                .distinct()
                .count()
            == 1;
    List<String> names =
        sites.stream()
            .map(SiteAccuracy::site)
            .map(site -> byLayer ? "layer " + site.point().layer() : site.toString())
            .toList();
    List<Estimate> areas = new ArrayList<>();
    List<Estimate> accuracies = new ArrayList<>();
    for (SiteAccuracy site : sites) {
      areas.add(site.area());
      accuracies.add(site.accuracy());
    }
    Chart.Bars bars =
        new Chart.Bars("Probes by site, on statements for choosing", "share", names, List.of())
            .with("accuracy", accuracies)
            .with("area under ROC", areas);
    String note =
        method
            + " probes, "
            + statements
            + " statements; chosen: "
            + probe.site()
            + "; model "
            + modelId;
    return List.of(
        Section.text("Truth", verdict()),
        new Section.Tabular("", toTable(), note),
        new Section.Charts("", List.of(bars), ""));
  }
}
