package org.alignment4j.eval.redteam;

import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.core.statistics.Estimates;
import org.apiguardian.api.API;

/**
 * What an attack came to on all goals. Immutable.
 *
 * @param attack the attack's name
 * @param unit in what its work is counted
 * @param options every option that shaped the outcomes
 * @param modelId the identity of the model attacked
 * @param authority who allowed it and what for
 * @param goals the goals
 * @param outcomes one for each goal, in the same order
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record AttackRun(
    String attack,
    WorkUnit unit,
    Map<String, String> options,
    String modelId,
    Authority authority,
    List<AttackGoal> goals,
    List<AttackOutcome> outcomes) {

  /** Share of goals reached; for the model attacked, lower is better. */
  public static final Metric SUCCESS_RATE =
      Metric.of("attack success rate", "fraction", Direction.LOWER)
          .withCitation("Zou et al. 2023, arXiv 2307.15043, section 3");

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException when goals and outcomes do not match
   */
  public AttackRun {
    Objects.requireNonNull(attack, "attack");
    Objects.requireNonNull(unit, "unit");
    Objects.requireNonNull(modelId, "modelId");
    Objects.requireNonNull(authority, "authority");
    options = ImmutableMap.copyOf(options);
    goals = List.copyOf(goals);
    outcomes = List.copyOf(outcomes);
    if (!goals.stream()
        .map(AttackGoal::id)
        .toList()
        .equals(outcomes.stream().map(AttackOutcome::goal).toList())) {
      throw new IllegalArgumentException("outcomes must be one for each goal, in the same order");
    }
  }

  /**
   * Returns the share of goals reached with Wilson's interval; goals without a verdict and failed
   * ones are counted beside it.
   */
  public Estimate successRate() {
    long scored = count(Score.Scored.class);
    Estimate share = Estimates.proportion(successes(), scored);
    return Estimates.withMissing(share, count(Score.Unscored.class), count(Score.Failed.class));
  }

  /** Returns how many goals were reached. */
  public long successes() {
    return outcomes.stream().filter(AttackOutcome::reached).count();
  }

  private long count(Class<? extends Score> kind) {
    return outcomes.stream().filter(outcome -> kind.isInstance(outcome.success())).count();
  }

  /** Returns what all goals cost together. */
  public Effort effort() {
    return outcomes.stream().map(AttackOutcome::effort).reduce(Effort.NONE, Effort::plus);
  }

  /**
   * Returns the work in the attack's unit, that on missed goals included, for each goal reached;
   * NaN when none was.
   */
  public double workPerSuccess() {
    return successes() == 0 ? Double.NaN : (double) effort().in(unit) / successes();
  }

  /**
   * Returns the mean of a figure over the goals that have it, with its interval.
   *
   * @param figure its name, such as {@code loss}
   */
  public Estimate mean(String figure) {
    return Estimates.mean(
        outcomes.stream()
            .filter(outcome -> outcome.figures().containsKey(figure))
            .mapToDouble(outcome -> outcome.figures().getOrDefault(figure, Double.NaN))
            .toArray());
  }

  /**
   * Returns how much work a goal took, as the limit of an attack that is to have no more.
   *
   * @param goal the goal's id
   * @return the work in the attack's unit; empty when the goal is none of this run or failed
   */
  public OptionalLong work(String goal) {
    return outcomes.stream()
        .filter(outcome -> outcome.goal().equals(goal))
        .filter(outcome -> !(outcome.success() instanceof Score.Failed))
        .mapToLong(outcome -> outcome.effort().in(unit))
        .findFirst();
  }
}
