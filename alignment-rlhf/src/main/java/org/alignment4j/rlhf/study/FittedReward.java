package org.alignment4j.rlhf.study;

import java.util.Objects;
import java.util.Optional;
import org.alignment4j.api.evaluation.Estimate;
import org.apiguardian.api.API;

/**
 * A fitted curve with bootstrap intervals over prompts, in which standardisation, points and fit
 * are made anew.
 *
 * @param fit the curve
 * @param alpha α
 * @param beta β
 * @param peak the distance of the highest reward; empty where there is none. Its interval is of the
 *     resamples that have a peak
 * @param peakReward the fitted reward there, in standard deviations
 * @param withoutPeak share of the resamples without a peak
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record FittedReward(
    OveroptimisationFit fit,
    Estimate alpha,
    Estimate beta,
    Optional<Estimate> peak,
    Optional<Estimate> peakReward,
    double withoutPeak) {

  /** Checks that nothing is missing. */
  public FittedReward {
    Objects.requireNonNull(fit, "fit");
    Objects.requireNonNull(alpha, "alpha");
    Objects.requireNonNull(beta, "beta");
    Objects.requireNonNull(peak, "peak");
    Objects.requireNonNull(peakReward, "peakReward");
  }
}
