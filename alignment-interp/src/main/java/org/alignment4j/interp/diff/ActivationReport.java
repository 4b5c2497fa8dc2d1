package org.alignment4j.interp.diff;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.report.Cell;
import org.alignment4j.core.report.Chart;
import org.alignment4j.core.report.Section;
import org.alignment4j.core.report.Table;
import org.apiguardian.api.API;

/** Draws what changed in activations. Stateless. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ActivationReport {

  private ActivationReport() {}

  /**
   * A bar a layer: how far the stream moved.
   *
   * @param shifts as {@link ActivationDiff#stream} gives them
   */
  public static Section.Charts stream(List<StreamShift> shifts) {
    List<String> names =
        shifts.stream().map(shift -> "after layer " + shift.site().point().layer()).toList();
    List<Estimate> moves = shifts.stream().map(StreamShift::relative).toList();
    Chart.Bars bars =
        new Chart.Bars("How far the stream moved", "share of its size", names, List.of())
            .with("after − before", moves);
    return new Section.Charts(
        "The stream", List.of(bars), "root mean square over tokens, intervals over prompts");
  }

  /**
   * A map of layers and heads: how far what each mixes moved.
   *
   * @param shifts as {@link ActivationDiff#heads} gives them, at least one
   * @throws IllegalArgumentException if there is none
   */
  public static Section.Charts heads(List<StreamShift> shifts) {
    Set<String> layers = new LinkedHashSet<>();
    Set<String> heads = new LinkedHashSet<>();
    for (StreamShift shift : shifts) {
      layers.add(layer(shift));
      heads.add(head(shift));
    }
    List<List<Double>> values = new ArrayList<>();
    for (String layer : layers) {
      List<Double> row = new ArrayList<>();
      for (String head : heads) {
        row.add(
            shifts.stream()
                .filter(shift -> layer(shift).equals(layer) && head(shift).equals(head))
                .mapToDouble(shift -> shift.relative().value())
                .findFirst()
                .orElse(Double.NaN));
      }
      values.add(row);
    }
    return new Section.Charts(
        "What heads mix",
        List.of(
            new Chart.HeatMap(
                "How far it moved, as a share of its size",
                "head",
                "layer",
                List.copyOf(heads),
                List.copyOf(layers),
                values)),
        "");
  }

  private static String layer(StreamShift shift) {
    return "L" + shift.site().point().layer();
  }

  private static String head(StreamShift shift) {
    return "H" + shift.site().head().orElse(0);
  }

  /**
   * The neurons whose mean activations changed most for how sure the change is.
   *
   * @param neurons as {@link ActivationDiff#neurons} gives them
   * @param most rows shown; only neurons whose interval leaves out 0
   */
  public static Section.Tabular neurons(List<NeuronActivity> neurons, int most) {
    List<NeuronActivity> sure =
        neurons.stream()
            .filter(neuron -> sure(neuron.difference()))
            .sorted(
                Comparator.comparingDouble((NeuronActivity n) -> Math.abs(n.difference().value()))
                    .reversed())
            .toList();
    Table table = Table.of("neuron", "before", "after", "difference");
    for (NeuronActivity neuron : sure.subList(0, Math.min(most, sure.size()))) {
      table =
          table.row(
              Cell.text(neuron.neuron().toString()),
              Cell.number(neuron.before(), 3),
              Cell.number(neuron.after(), 3),
              Cell.figure(neuron.difference()));
    }
    return new Section.Tabular(
        "Neurons that fire otherwise",
        table,
        sure.size() + " of " + neurons.size() + " have an interval, of all together, without 0");
  }

  /**
   * Directions before and after.
   *
   * @param directions as {@link ActivationDiff#directions} gives them
   */
  public static Section.Tabular directions(List<DirectionChange> directions) {
    Table table =
        Table.of("site", "cosine", "across halves", "within", "corrected", "length", "after");
    for (DirectionChange change : directions) {
      table =
          table.row(
              Cell.text(change.before().site().toString()),
              Cell.figure(change.cosine()),
              Cell.number(change.across(), 3),
              Cell.number(change.within(), 3),
              Cell.number(change.corrected(), 3),
              Cell.number(change.before().length(), 3),
              Cell.number(change.after().length(), 3));
    }
    return new Section.Tabular(
        "Directions",
        table,
        "corrected: the cosine without sampling error, across halves of the prompts over within");
  }

  /**
   * The features whose firing rates changed most.
   *
   * @param features as {@link FeatureComparison#compare} gives them
   * @param most rows shown; only features whose interval leaves out 0
   */
  public static Section.Tabular features(List<FeatureChange> features, int most) {
    List<FeatureChange> sure =
        features.stream()
            .filter(feature -> sure(feature.difference()))
            .sorted(
                Comparator.comparingDouble((FeatureChange f) -> Math.abs(f.difference().value()))
                    .reversed())
            .toList();
    Table table = Table.of("feature", "rate before", "rate after", "difference");
    for (FeatureChange feature : sure.subList(0, Math.min(most, sure.size()))) {
      table =
          table.row(
              Cell.count(feature.feature()),
              Cell.number(feature.before(), 4),
              Cell.number(feature.after(), 4),
              Cell.figure(feature.difference(), 4));
    }
    return new Section.Tabular(
        "Features that fire otherwise",
        table,
        sure.size() + " of " + features.size() + " have an interval, of all together, without 0");
  }

  private static boolean sure(Estimate difference) {
    return difference.ciLow() > 0 || difference.ciHigh() < 0;
  }
}
