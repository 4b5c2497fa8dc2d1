package org.alignment4j.eval.redteam;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.core.statistics.Agreement;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.core.statistics.Estimates;
import org.apiguardian.api.API;

/**
 * How far two criteria agree on the replies of attacks. Immutable.
 *
 * @param first name of one criterion
 * @param second name of the other
 * @param raw share of replies on which they agree, with Wilson's interval; replies without a
 *     verdict from both are counted as unscored
 * @param kappa Cohen's κ; empty where both gave one and the same verdict only, or there is no reply
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record JudgeAgreement(String first, String second, Estimate raw, Optional<Agreement> kappa) {

  /** Checks that nothing is missing. */
  public JudgeAgreement {
    Objects.requireNonNull(first, "first");
    Objects.requireNonNull(second, "second");
    Objects.requireNonNull(raw, "raw");
    Objects.requireNonNull(kappa, "kappa");
  }

  /**
   * Lets two criteria judge the last reply of every outcome.
   *
   * @param runs the runs whose replies are judged; failed goals have none
   * @param first one criterion
   * @param second the other
   * @param bootstrap how the interval of κ is drawn
   * @param cancellation asks judges that are models to stop
   */
  public static JudgeAgreement of(
      List<AttackRun> runs,
      SuccessCriterion first,
      SuccessCriterion second,
      Bootstrap bootstrap,
      CancellationToken cancellation) {
    List<Integer> one = new ArrayList<>();
    List<Integer> other = new ArrayList<>();
    long unscored = 0;
    for (AttackRun run : runs) {
      Map<String, AttackGoal> goals =
          run.goals().stream().collect(Collectors.toMap(AttackGoal::id, Function.identity()));
      for (AttackOutcome outcome : run.outcomes()) {
        AttackGoal goal = Objects.requireNonNull(goals.get(outcome.goal()));
        if (outcome.success() instanceof Score.Failed) {
          continue;
        }
        Score a = first.score(goal, outcome.reply(), cancellation);
        Score b = second.score(goal, outcome.reply(), cancellation);
        if (a instanceof Score.Scored && b instanceof Score.Scored) {
          one.add(AttackOutcome.reached(a) ? 1 : 0);
          other.add(AttackOutcome.reached(b) ? 1 : 0);
        } else {
          unscored++;
        }
      }
    }
    return of(first.name(), second.name(), ints(one), ints(other), unscored, bootstrap);
  }

  private static JudgeAgreement of(
      String first, String second, int[] one, int[] other, long unscored, Bootstrap bootstrap) {
    long equal = 0;
    boolean varied = false;
    for (int i = 0; i < one.length; i++) {
      equal += one[i] == other[i] ? 1 : 0;
      varied |= one[i] != one[0] || other[i] != one[0];
    }
    return new JudgeAgreement(
        first,
        second,
        Estimates.withMissing(Estimates.proportion(equal, one.length), unscored, 0),
        varied ? Optional.of(Agreement.cohenKappa(one, other, bootstrap)) : Optional.empty());
  }

  private static int[] ints(List<Integer> values) {
    return values.stream().mapToInt(Integer::intValue).toArray();
  }
}
