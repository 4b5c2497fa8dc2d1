package org.alignment4j.interp.superposition;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.alignment4j.core.report.Cell;
import org.alignment4j.core.report.Chart;
import org.alignment4j.core.report.Section;
import org.alignment4j.core.report.Table;
import org.alignment4j.runtime.train.TrainingContext;
import org.apiguardian.api.API;

/**
 * The change of phase of Elhage et al. 2022: dense features are represented as in a principal
 * component analysis, the most important ones alone; the sparser they are, the more of them share
 * the dimensions. Immutable.
 *
 * @param options the models
 * @param points what each model represents, in the order of the sparsities
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record PhaseChange(ToyModelOptions options, List<Point> points) {

  /** Copies the points. */
  public PhaseChange {
    points = List.copyOf(points);
  }

  /**
   * One model.
   *
   * @param sparsity {@code S}, the probability that a feature is zero
   * @param model the trained model
   * @param measures what it represents
   */
  public record Point(double sparsity, ToyModel model, Superposition measures) {
    /**
     * Returns how frequent features are on the scale of the figure.
     *
     * @return {@code 1/(1 − S)}
     */
    public double inverseDensity() {
      return 1 / (1 - sparsity);
    }
  }

  /**
   * Trains the models and measures them.
   *
   * @param options the models, such as {@link ToyModelOptions#twentyFeatures()}
   * @param context threads, who is told, and what asks to stop
   * @return the figure's data
   * @throws org.alignment4j.api.CancelledException when cancelled
   */
  public static PhaseChange of(ToyModelOptions options, TrainingContext context) {
    List<ToyModel> models = new ToyModelTrainer(context).train(options);
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < models.size(); i++) {
      points.add(
          new Point(options.sparsities().get(i), models.get(i), Superposition.of(models.get(i))));
    }
    return new PhaseChange(options, points);
  }

  /**
   * Returns the figure as sections of a report.
   *
   * @return features represented against {@code 1/(1 − S)}, the dimensions a feature has, and a
   *     table of both
   */
  public List<Section> sections() {
    List<Chart.Point> represented = new ArrayList<>();
    List<Chart.Point> superposed = new ArrayList<>();
    List<Chart.Point> dimensions = new ArrayList<>();
    Table table =
        Table.of(
            "sparsity", "1/(1−S)", "represented", "sharing dimensions", "dimensions per feature");
    for (Point point : points) {
      Superposition measures = point.measures();
      double x = Math.log10(point.inverseDensity());
      represented.add(Chart.Point.of(x, measures.represented()));
      superposed.add(Chart.Point.of(x, measures.superposed()));
      dimensions.add(Chart.Point.of(x, measures.dimensionsPerFeature()));
      table =
          table.row(
              Cell.number(point.sparsity(), 3),
              Cell.number(point.inverseDensity(), 2),
              Cell.count(measures.represented()),
              Cell.count(measures.superposed()),
              Cell.number(measures.dimensionsPerFeature(), 3));
    }
    String axis = "log10 of 1/(1 − S)";
    Chart features =
        new Chart.Lines("Features represented against sparsity", axis, "features", List.of())
            .with("represented", represented)
            .with("sharing dimensions", superposed);
    Chart shares =
        new Chart.Lines("Dimensions per feature, m/‖W‖²", axis, "dimensions", List.of())
            .with("D*", dimensions);
    String note =
        String.format(
            Locale.ROOT,
            "%d features in %d dimensions. A feature counts as represented where ‖W_i‖² > 1/2,"
                + " and as sharing dimensions where also Σ_j (Ŵ_i·W_j)² > 1/10.",
            options.features(),
            options.hidden());
    return List.of(
        new Section.Charts("Superposition", List.of(features, shares), note),
        new Section.Tabular("", table, ""));
  }
}
