package org.alignment4j.interp.diff;

import java.util.Objects;
import java.util.Optional;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.interp.activation.ActivationSite;
import org.alignment4j.interp.direction.Direction;
import org.apiguardian.api.API;

/**
 * How far activations on the same tokens moved at one site.
 *
 * @param site hook point and head
 * @param relative {@code sqrt(mean ‖after − before‖² / mean ‖before‖²)} over tokens, with a
 *     bootstrap interval over prompts
 * @param common {@code ‖mean(after − before)‖² / mean ‖after − before‖²}: 1 where every token moved
 *     alike, near 0 where each moved its own way; NaN where none moved
 * @param shift the mean move, as it is; empty where there is none
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record StreamShift(
    ActivationSite site, Estimate relative, double common, Optional<Direction> shift) {

  /** Checks that nothing is missing. */
  public StreamShift {
    Objects.requireNonNull(site, "site");
    Objects.requireNonNull(relative, "relative");
    Objects.requireNonNull(shift, "shift");
  }
}
