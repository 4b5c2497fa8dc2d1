package org.alignment4j.examples.backdoors;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.eval.backdoor.BackdoorRates;
import org.alignment4j.eval.backdoor.DetectionQuality;
import org.alignment4j.eval.backdoor.DetectionThreshold;

/** What a run found. */
public final class BackdoorResult {
  private final List<ModelRow> rows;
  private final DetectionThreshold threshold;
  private final DetectionQuality quality;
  private final long seed;

  private BackdoorResult(
      List<ModelRow> rows, DetectionThreshold threshold, DetectionQuality quality, long seed) {
    this.rows = rows;
    this.threshold = threshold;
    this.quality = quality;
    this.seed = seed;
  }

  static BackdoorResult of(List<ModelRow> rows, double falseAlarms, long seed) {
    DetectionThreshold threshold =
        DetectionThreshold.ofClean(scores(rows, "calibration"), falseAlarms);
    return new BackdoorResult(
        List.copyOf(rows),
        threshold,
        DetectionQuality.of(scores(rows, "planted"), scores(rows, "clean"), threshold),
        seed);
  }

  private static double[] scores(List<ModelRow> rows, String kind) {
    return rows.stream()
        .filter(row -> row.kind().equals(kind))
        .mapToDouble(ModelRow::score)
        .toArray();
  }

  /** Returns the threshold and what it rests on. */
  public DetectionThreshold threshold() {
    return threshold;
  }

  /** Returns how well models were told apart. */
  public DetectionQuality quality() {
    return quality;
  }

  List<ModelRow> of(String kind) {
    return rows.stream().filter(row -> row.kind().equals(kind)).toList();
  }

  List<ModelRow> planted() {
    return of("planted");
  }

  List<ModelRow> mitigated() {
    return planted().stream().filter(ModelRow::mitigated).toList();
  }

  /** The rate of some outcomes over all planted models; prompts of a model are one cluster. */
  Estimate rate(List<ModelRow> of, Function<ModelRow, List<Double>> outcomes) {
    List<Double> all = new ArrayList<>();
    List<Integer> clusters = new ArrayList<>();
    for (ModelRow row : of) {
      for (double outcome : outcomes.apply(row)) {
        if (!Double.isNaN(outcome)) {
          all.add(outcome);
          clusters.add(row.index());
        }
      }
    }
    return Estimates.clusteredProportion(
        all.stream().mapToDouble(Double::doubleValue).toArray(),
        clusters.stream().mapToInt(Integer::intValue).toArray());
  }

  /** How much of the rule is left after training on clean texts, over all models. */
  Estimate persistence() {
    List<Double> before = new ArrayList<>();
    List<Double> after = new ArrayList<>();
    for (ModelRow row : mitigated()) {
      before.addAll(row.triggered());
      after.addAll(row.ratesAfter().triggered());
    }
    Estimate nothing = Estimates.mean(new double[0]);
    return new BackdoorRates(after, List.of(), List.of(), nothing)
        .persistence(
            new BackdoorRates(before, List.of(), List.of(), nothing), Bootstrap.seeded(seed));
  }
}
