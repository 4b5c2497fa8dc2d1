package org.alignment4j.eval.bias;

import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;

/** Figures in percent. */
final class Percentages {

  static final String UNIT = "%";

  private Percentages() {}

  /** A metric in percent. */
  static Metric metric(String name, Direction direction, double chance, String citation) {
    return Metric.of(name, UNIT, direction).withChance(chance).withCitation(citation);
  }

  /** A fraction's estimate in percent. */
  static Estimate of(Estimate fraction) {
    return new Estimate(
        100 * fraction.value(),
        100 * fraction.standardError(),
        100 * fraction.ciLow(),
        100 * fraction.ciHigh(),
        fraction.confidence(),
        fraction.n(),
        fraction.clusters(),
        fraction.unscored(),
        fraction.failed());
  }
}
