package org.alignment4j.rlhf.study;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.alignment4j.api.evaluation.Estimate;
import org.apiguardian.api.API;

/**
 * How proxy and gold reward change as a method moves away from the initial policy.
 *
 * @param form the method
 * @param points in the order of their distance
 * @param proxy the curve fitted to the proxy; empty where fewer than 3 distances above 0 differ
 * @param gold the curve fitted to the gold reward; likewise
 * @param goldFall true gold gain of the last point less the highest of all points, at most 0, in
 *     standard deviations, paired by prompt. The value is cross-fitted: the highest point is chosen
 *     on every other prompt and compared with the last on the rest, and the other way round. The
 *     interval allows for the choice among the points (Dunn 1961, Journal of the American
 *     Statistical Association 56:52): it lies below 0 in at most 2.5 % of studies in which nothing
 *     falls, and ends at 0 where no fall is shown
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record OveroptimisationCurve(
    OveroptimisationForm form,
    List<OveroptimisationPoint> points,
    Optional<FittedReward> proxy,
    Optional<FittedReward> gold,
    Estimate goldFall) {

  /** Copies. */
  public OveroptimisationCurve {
    Objects.requireNonNull(form, "form");
    points = List.copyOf(points);
    Objects.requireNonNull(proxy, "proxy");
    Objects.requireNonNull(gold, "gold");
    Objects.requireNonNull(goldFall, "goldFall");
  }
}
