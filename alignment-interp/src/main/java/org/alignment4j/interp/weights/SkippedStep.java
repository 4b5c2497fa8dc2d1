package org.alignment4j.interp.weights;

import java.util.Objects;
import org.apiguardian.api.API;

/**
 * A step that was asked for and not done, or not everywhere.
 *
 * @param step the step
 * @param reason what stays as it was, and why
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SkippedStep(ProcessingStep step, String reason) {

  /** Checks that nothing is missing. */
  public SkippedStep {
    Objects.requireNonNull(step, "step");
    Objects.requireNonNull(reason, "reason");
  }

  /** Step and reason. */
  @Override
  public String toString() {
    return step + ": " + reason;
  }
}
