package org.alignment4j.api.reward;

import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import org.apiguardian.api.API;

/**
 * An answer in steps, each judged.
 *
 * @param solution the answer
 * @param correctness for each step how correct it is, from 0 to 1: 1 positive, 0.5 neutral, 0
 *     negative, or the share of successful continuations; empty for a step that was not judged
 */
@API(status = API.Status.STABLE, since = "0.1")
public record StepLabels(StepwiseSolution solution, List<OptionalDouble> correctness) {

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException when labels and steps differ in number, or a label is outside
   *     [0, 1]
   */
  public StepLabels {
    Objects.requireNonNull(solution, "solution");
    correctness = List.copyOf(correctness);
    if (correctness.size() != solution.steps().size()) {
      throw new IllegalArgumentException(
          "correctness must have one label per step ("
              + solution.steps().size()
              + ") but had "
              + correctness.size());
    }
    for (OptionalDouble label : correctness) {
      if (label.isPresent() && !(label.getAsDouble() >= 0 && label.getAsDouble() <= 1)) {
        throw new IllegalArgumentException(
            "correctness must be in [0, 1] but was " + label.getAsDouble());
      }
    }
  }
}
