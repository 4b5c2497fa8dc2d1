package org.alignment4j.interp.patch;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.report.Cell;
import org.alignment4j.core.report.Chart;
import org.alignment4j.core.report.Section;
import org.alignment4j.core.report.Table;
import org.apiguardian.api.API;

/**
 * What patching each cell does to a metric, as a share of the way from the base run to the source
 * run: {@code mean(patched - base) / mean(source - base)} over pairs (Wang et al. 2022; the ratio
 * of means, since a mean of ratios is ruled by pairs whose prompts hardly differ).
 *
 * @param modelId the model
 * @param method how the effects were had, such as {@code activation patching}
 * @param hook the hook points, as TransformerLens names
 * @param direction what was patched into what
 * @param axes what the cells are, slowest first
 * @param effects one for each cell in row-major order, with bootstrap intervals over pairs
 * @param clean the metric of the clean prompts
 * @param corrupted the metric of the corrupted prompts
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record PatchGrid(
    String modelId,
    String method,
    String hook,
    PatchDirection direction,
    List<GridAxis> axes,
    List<Estimate> effects,
    Estimate clean,
    Estimate corrupted) {

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException when there is no axis, or the effects are not one for each
   *     cell
   */
  public PatchGrid {
    Objects.requireNonNull(modelId, "modelId");
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(hook, "hook");
    Objects.requireNonNull(direction, "direction");
    Objects.requireNonNull(clean, "clean");
    Objects.requireNonNull(corrupted, "corrupted");
    axes = List.copyOf(axes);
    effects = List.copyOf(effects);
    long cells =
        axes.stream().mapToLong(axis -> axis.labels().size()).reduce(1, Math::multiplyExact);
    if (axes.isEmpty() || cells != effects.size()) {
      throw new IllegalArgumentException(
          "effects must be one for each of " + cells + " cells but are " + effects.size());
    }
  }

  /**
   * Returns the effect of a cell.
   *
   * @param index a place along each axis
   * @return the effect
   * @throws IllegalArgumentException when there are not as many places as axes
   * @throws IndexOutOfBoundsException when a place is outside its axis
   */
  public Estimate effect(int... index) {
    if (index.length != axes.size()) {
      throw new IllegalArgumentException(
          "a cell must have " + axes.size() + " places but had " + index.length);
    }
    int at = 0;
    for (int i = 0; i < index.length; i++) {
      int size = axes.get(i).labels().size();
      at = at * size + Objects.checkIndex(index[i], size);
    }
    return effects.get(at);
  }

  /**
   * Returns the cells as a table.
   *
   * @return one row for each cell
   */
  public Table toTable() {
    List<String> columns = new ArrayList<>(axes.stream().map(GridAxis::name).toList());
    columns.add("effect");
    List<List<Cell>> rows = new ArrayList<>();
    for (int cell = 0; cell < effects.size(); cell++) {
      List<Cell> row = new ArrayList<>();
      labels(cell).forEach(label -> row.add(Cell.text(label)));
      row.add(Cell.figure(effects.get(cell)));
      rows.add(row);
    }
    return new Table(columns, rows);
  }

  private List<String> labels(int cell) {
    List<String> labels = new ArrayList<>();
    int rest = cell;
    for (int i = axes.size() - 1; i >= 0; i--) {
      List<String> all = axes.get(i).labels();
      labels.add(0, all.get(rest % all.size()));
      rest /= all.size();
    }
    return labels;
  }

  /**
   * Returns a heat map: the last axis across, the others down.
   *
   * @return a section of a report
   */
  public Section.Charts section() {
    GridAxis across = axes.get(axes.size() - 1);
    List<GridAxis> down = axes.subList(0, axes.size() - 1);
    int width = across.labels().size();
    List<String> names = new ArrayList<>();
    List<List<Double>> values = new ArrayList<>();
    for (int from = 0; from < effects.size(); from += width) {
      names.add(down.isEmpty() ? "" : String.join(" ", labels(from).subList(0, down.size())));
      values.add(effects.subList(from, from + width).stream().map(Estimate::value).toList());
    }
    Chart.HeatMap map =
        new Chart.HeatMap(
            method + " at " + hook,
            across.name(),
            String.join(", ", down.stream().map(GridAxis::name).toList()),
            across.labels(),
            names,
            values);
    String note =
        direction.name().toLowerCase(Locale.ROOT)
            + ": 0 is the unpatched run, 1 the run that activations come from; clean metric "
            + clean
            + ", corrupted "
            + corrupted
            + "; model "
            + modelId;
    return new Section.Charts(method + ": " + hook, List.of(map), note);
  }
}
