package org.alignment4j.interp.diff;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.report.Cell;
import org.alignment4j.core.report.Chart;
import org.alignment4j.core.report.Section;
import org.alignment4j.core.report.Table;
import org.apiguardian.api.API;

/**
 * What each part of the weights carries of a difference in behaviour.
 *
 * @param before id of the model before
 * @param after id of the model after
 * @param behaviourBefore the behaviour of the model before
 * @param behaviourAfter the behaviour of the model after
 * @param options how it was measured
 * @param shares one for each part, in the order given
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record PartShares(
    String before,
    String after,
    Estimate behaviourBefore,
    Estimate behaviourAfter,
    PatchingOptions options,
    List<PartShare> shares) {

  /** Copies. */
  public PartShares {
    Objects.requireNonNull(before, "before");
    Objects.requireNonNull(after, "after");
    Objects.requireNonNull(behaviourBefore, "behaviourBefore");
    Objects.requireNonNull(behaviourAfter, "behaviourAfter");
    Objects.requireNonNull(options, "options");
    shares = List.copyOf(shares);
  }

  /** The parts by what they restore, greatest first, ties in order. */
  public List<PartShare> ranked() {
    return shares.stream()
        .sorted(Comparator.comparingDouble((PartShare s) -> s.restored().value()).reversed())
        .toList();
  }

  /** The sum of what parts restore by themselves: 1 where they act apart from each other. */
  public double sum() {
    return shares.stream().mapToDouble(share -> share.restored().value()).sum();
  }

  /** The parts as a table, those that restore most first. */
  public Table toTable() {
    List<List<Cell>> rows = new ArrayList<>();
    for (PartShare share : ranked()) {
      rows.add(
          List.of(
              Cell.text(share.label()),
              Cell.count(share.parameters()),
              Cell.number(share.change(), 4),
              Cell.figure(share.restored()),
              Cell.figure(share.lost()),
              random(share.entries()),
              random(share.noise()),
              Cell.text(share.carries() ? "yes" : share.compared() ? "no" : "not compared")));
    }
    return new Table(
        List.of(
            "part",
            "weights",
            "share of change",
            "restored",
            "lost without",
            "random weights",
            "noise",
            "carries"),
        rows);
  }

  private static Cell random(Optional<RandomShares> shares) {
    return shares.map(drawn -> Cell.number(drawn.mean(), 3)).orElse(Cell.unknown());
  }

  /** Heat maps of what parts restore and of their share of the change, with the table. */
  public List<Section> sections() {
    String note =
        "restored: share of the behaviour that comes when the part is put into the model before;"
            + " lost without: share that goes when it is taken out of the model after; random"
            + " weights, noise: mean share restored by "
            + options.draws()
            + " random changes of as many weights, or of the same size; behaviour "
            + behaviourBefore
            + " before, "
            + behaviourAfter
            + " after; models "
            + before
            + " and "
            + after;
    List<Chart> charts = new ArrayList<>();
    if (shares.stream().anyMatch(share -> share.parts().size() == 1)) {
      charts.add(map("share of the behaviour restored", true));
      charts.add(map("share of the squared change of weights", false));
    }
    return List.of(
        new Section.Charts("What carries the behaviour", charts, ""),
        new Section.Tabular("", toTable(), note));
  }

  private Chart.HeatMap map(String title, boolean restored) {
    Set<String> columns = new LinkedHashSet<>();
    Set<String> rows = new LinkedHashSet<>();
    for (PartShare share : shares) {
      if (share.parts().size() == 1) {
        columns.add(share.parts().get(0).label());
        rows.add(row(share.parts().get(0)));
      }
    }
    List<List<Double>> values = new ArrayList<>();
    for (String row : rows) {
      List<Double> cells = new ArrayList<>();
      for (String column : columns) {
        cells.add(value(row, column, restored));
      }
      values.add(cells);
    }
    return new Chart.HeatMap(
        title, "part", "layer", List.copyOf(columns), List.copyOf(rows), values);
  }

  private double value(String row, String column, boolean restored) {
    for (PartShare share : shares) {
      WeightPart part = share.parts().get(0);
      if (share.parts().size() == 1 && row(part).equals(row) && part.label().equals(column)) {
        return restored ? share.restored().value() : share.change();
      }
    }
    return Double.NaN;
  }

  private static String row(WeightPart part) {
    return part.layer() == WeightPart.OUTSIDE ? "outside" : "L" + part.layer();
  }
}
