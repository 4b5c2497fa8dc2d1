package org.alignment4j.oversight.sandwich;

import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.alignment4j.api.evaluation.Estimate;
import org.apiguardian.api.API;

/**
 * How well confidence fits the answers.
 *
 * @param confidence mean confidence
 * @param overconfidence mean confidence less the share of right answers; 0 is best
 * @param brier mean squared error of confidence (Brier 1950); ¼ of always saying ½
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Calibration(Estimate confidence, Estimate overconfidence, Estimate brier) {

  /** Checks that nothing is missing. */
  public Calibration {
    Objects.requireNonNull(confidence, "confidence");
    Objects.requireNonNull(overconfidence, "overconfidence");
    Objects.requireNonNull(brier, "brier");
  }

  static Calibration of(
      List<Observation> observations,
      ToDoubleFunction<Observation> sure,
      Predicate<Observation> right,
      Shares shares) {
    return new Calibration(
        shares.mean(observations, sure),
        shares.mean(observations, o -> sure.applyAsDouble(o) - (right.test(o) ? 1 : 0)),
        shares.mean(
            observations,
            o -> {
              double error = sure.applyAsDouble(o) - (right.test(o) ? 1 : 0);
              return error * error;
            }));
  }
}
