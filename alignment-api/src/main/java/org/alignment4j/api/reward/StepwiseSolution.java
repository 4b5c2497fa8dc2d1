package org.alignment4j.api.reward;

import java.util.List;
import java.util.Objects;
import org.alignment4j.api.model.Prompt;
import org.apiguardian.api.API;

/**
 * An answer in steps.
 *
 * @param prompt what was asked
 * @param steps the steps, at least one, none empty
 */
@API(status = API.Status.STABLE, since = "0.1")
public record StepwiseSolution(Prompt prompt, List<String> steps) {

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException when there is no step or one is empty
   */
  public StepwiseSolution {
    Objects.requireNonNull(prompt, "prompt");
    steps = List.copyOf(steps);
    if (steps.isEmpty() || steps.contains("")) {
      throw new IllegalArgumentException(
          "steps must be at least one and none empty but were " + steps);
    }
  }
}
