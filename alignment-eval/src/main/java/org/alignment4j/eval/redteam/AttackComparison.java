package org.alignment4j.eval.redteam;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.core.statistics.McNemarTest;
import org.alignment4j.core.statistics.TestResult;
import org.apiguardian.api.API;

/**
 * Two attacks on the same goals, or one attack on two models, compared goal by goal. Immutable.
 *
 * @param first name of the first attack
 * @param second name of the second attack
 * @param difference share of goals reached by the first minus that by the second, over the goals
 *     that have a verdict from both; paired interval (Newcombe 1998, method 10)
 * @param test McNemar's exact test of no difference
 * @param leftOut goals without a verdict from both
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record AttackComparison(
    String first, String second, Estimate difference, TestResult test, int leftOut) {

  /** Checks that nothing is missing. */
  public AttackComparison {
    Objects.requireNonNull(first, "first");
    Objects.requireNonNull(second, "second");
    Objects.requireNonNull(difference, "difference");
    Objects.requireNonNull(test, "test");
  }

  /**
   * Compares two runs.
   *
   * @throws IllegalArgumentException when their goals differ, or no goal has a verdict from both
   */
  public static AttackComparison of(AttackRun first, AttackRun second) {
    if (!first.goals().equals(second.goals())) {
      throw new IllegalArgumentException(
          "runs must have the same goals in the same order to be compared but those of "
              + first.attack()
              + " and "
              + second.attack()
              + " differ");
    }
    Map<String, Score> others = new HashMap<>();
    second.outcomes().forEach(outcome -> others.put(outcome.goal(), outcome.success()));
    List<AttackOutcome> both =
        first.outcomes().stream()
            .filter(outcome -> outcome.success() instanceof Score.Scored)
            .filter(outcome -> others.get(outcome.goal()) instanceof Score.Scored)
            .toList();
    if (both.isEmpty()) {
      throw new IllegalArgumentException(
          "runs must have a goal with a verdict from both to be compared but "
              + first.attack()
              + " and "
              + second.attack()
              + " have none");
    }
    boolean[] one = new boolean[both.size()];
    boolean[] other = new boolean[both.size()];
    for (int i = 0; i < one.length; i++) {
      one[i] = both.get(i).reached();
      Score score = Objects.requireNonNull(others.get(both.get(i).goal()));
      other[i] = AttackOutcome.reached(score);
    }
    return new AttackComparison(
        first.attack(),
        second.attack(),
        Estimates.pairedProportions(one, other, Estimates.DEFAULT_CONFIDENCE),
        McNemarTest.exact(one, other),
        first.goals().size() - both.size());
  }
}
