package org.alignment4j.core.judge;

import java.util.Collection;
import org.apiguardian.api.API;

/**
 * How far a judge's preferences depend on the order in which answers are shown (Zheng et al. 2023,
 * table 2).
 *
 * @param consistent pairs on which both orders agree
 * @param first pairs of which the judge took the answer shown first in both orders
 * @param second pairs of which it took the answer shown second in both orders
 * @param other pairs with a tie in one order and a preference in the other
 * @param unparsed pairs without a verdict in one order or both
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record PositionConsistency(
    long consistent, long first, long second, long other, long unparsed) {
  /** Counts. */
  public static PositionConsistency of(Collection<PairwiseJudgement> judgements) {
    long consistent = 0;
    long first = 0;
    long second = 0;
    long other = 0;
    long unparsed = 0;
    for (PairwiseJudgement judgement : judgements) {
      if (!(judgement.given() instanceof Judgement.Given<Preference> one)
          || !(judgement.swapped() instanceof Judgement.Given<Preference> two)) {
        unparsed++;
      } else if (judgement.consistent()) {
        consistent++;
      } else if (one.value() != two.value()) {
        other++;
      } else if (one.value() == Preference.FIRST) {
        first++;
      } else {
        second++;
      }
    }
    return new PositionConsistency(consistent, first, second, other, unparsed);
  }

  /** Returns the consistent part of the pairs with both verdicts; NaN when there are none. */
  public double consistency() {
    return (double) consistent / (consistent + first + second + other);
  }
}
