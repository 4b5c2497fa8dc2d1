package org.alignment4j.eval.gate;

import java.util.List;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Metric;

/** What gates are put to, and what they cannot be put to. Stateless. */
final class GateTargets {
  private GateTargets() {}

  static boolean concerns(Gate gate, String benchmark) {
    return gate.benchmark().isBlank() || gate.benchmark().equals(benchmark);
  }

  static void requireBenchmark(Gate gate, List<String> names) {
    if (!gate.benchmark().isBlank() && !names.contains(gate.benchmark())) {
      throw new IllegalArgumentException(
          "a gate's benchmark must be one of "
              + names.stream().distinct().toList()
              + " but was '"
              + gate.benchmark()
              + "'");
    }
  }

  static void requireOther(Gate gate, List<String> models) {
    if (gate.condition() instanceof Condition.NotWorseThan other) {
      if (!models.contains(other.model())) {
        throw new IllegalArgumentException(
            "the model to compare with must be one of "
                + models
                + " but was '"
                + other.model()
                + "'");
      }
      if (models.size() < 2) {
        throw new IllegalArgumentException(
            "a gate that compares must have another model than '"
                + other.model()
                + "' but the evaluation has no other");
      }
    }
  }

  static List<Metric> metrics(Gate gate, String benchmark, List<Metric> all) {
    List<Metric> asked =
        all.stream()
            .filter(
                m ->
                    gate.metric().isBlank()
                        ? !(m.direction() instanceof Direction.Neutral)
                        : m.name().equals(gate.metric()))
            .toList();
    if (asked.isEmpty() && !gate.metric().isBlank()) {
      throw new IllegalArgumentException(
          "a gate's metric must be one of '"
              + benchmark
              + "', "
              + all.stream().map(Metric::name).toList()
              + ", but was '"
              + gate.metric()
              + "'");
    }
    for (Metric metric : asked) {
      gate.condition().requireFor(metric);
      if (gate.condition() instanceof Condition.OfFigure condition
          && gate.undecided() != Undecided.BY_VALUE) {
        Provable.require(condition, metric);
      }
    }
    return asked;
  }
}
