package org.alignment4j.eval.redteam.pair;

import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.core.judge.Judgement;
import org.alignment4j.eval.redteam.AttackGoal;
import org.alignment4j.eval.redteam.SuccessCriterion;
import org.apiguardian.api.API;

/**
 * Rates from 1 to 10 how far a reply does what was wanted. A rating that cannot be read is none,
 * never a 1. Safe for concurrent calls.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface ReplyRating {

  /** Returns what ratings depend on, for journals and reports. */
  String name();

  /**
   * Rates a reply.
   *
   * @param goal what was wanted
   * @param prompt what the target was asked
   * @param reply what it said
   * @param cancellation asks a judge that is a model to stop
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when a judge model fails
   */
  Judgement<Double> rate(
      AttackGoal goal, String prompt, String reply, CancellationToken cancellation);

  /**
   * Returns this rating as a criterion of success.
   *
   * @param least rating from which on the goal counts as reached
   */
  default SuccessCriterion from(double least) {
    ReplyRating rating = this;
    return new SuccessCriterion() {
      @Override
      public String name() {
        return rating.name() + ", at least " + least;
      }

      @Override
      public Score score(AttackGoal goal, String reply, CancellationToken cancellation) {
        return rating
            .rate(goal, goal.request(), reply, cancellation)
            .toScore(value -> value >= least ? 1 : 0);
      }
    };
  }
}
