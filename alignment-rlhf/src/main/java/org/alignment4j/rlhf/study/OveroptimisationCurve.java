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
 * @param goldFall gold gain of the last point less that of the point where it is highest, paired by
 *     prompt, in standard deviations; 0 where the last is the highest. The highest of several
 *     estimates is somewhat too high, so that a small fall may be chance even where the interval
 *     excludes 0
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
