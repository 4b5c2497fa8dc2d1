package org.alignment4j.eval.redteam;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.core.statistics.Estimates;
import org.apiguardian.api.API;

/**
 * The share of goals reached within so much work for each goal. Goals without a verdict and failed
 * ones are left out. Immutable.
 *
 * @param unit in what work is counted
 * @param points shares by work, rising in both
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record AttackCurve(WorkUnit unit, List<Point> points) {

  /**
   * A point of the curve.
   *
   * @param work most work for a goal
   * @param share of goals reached within it, with Wilson's interval
   */
  public record Point(long work, Estimate share) {}

  /** Checks that nothing is missing, and copies. */
  public AttackCurve {
    Objects.requireNonNull(unit, "unit");
    points = List.copyOf(points);
  }

  /**
   * Returns the curve of a run: a point without work, one wherever a goal was reached, and one at
   * the most that a goal took.
   */
  public static AttackCurve of(AttackRun run) {
    List<AttackOutcome> scored =
        run.outcomes().stream()
            .filter(outcome -> outcome.success() instanceof Score.Scored)
            .toList();
    TreeSet<Long> works = new TreeSet<>();
    works.add(0L);
    for (AttackOutcome outcome : scored) {
      outcome.successAt().ifPresent(works::add);
      works.add(outcome.effort().in(run.unit()));
    }
    long most = works.last();
    List<Point> points = new ArrayList<>();
    long before = -1;
    for (long work : works) {
      long reached = reached(scored, work);
      if (reached != before || work == most) {
        points.add(new Point(work, Estimates.proportion(reached, scored.size())));
      }
      before = reached;
    }
    return new AttackCurve(run.unit(), points);
  }

  private static long reached(List<AttackOutcome> outcomes, long work) {
    return outcomes.stream()
        .filter(outcome -> outcome.successAt().orElse(Long.MAX_VALUE) <= work)
        .count();
  }

  /** Returns the share reached within some work; that of the greatest point that is no greater. */
  public Estimate within(long work) {
    Estimate share = points.get(0).share();
    for (Point point : points) {
      if (point.work() <= work) {
        share = point.share();
      }
    }
    return share;
  }
}
