package org.alignment4j.core.judge;

import java.util.Collection;
import org.apiguardian.api.API;

/**
 * How well a judge kept the form.
 *
 * @param given judgements with a verdict, repaired ones included
 * @param repaired those that needed the repair
 * @param unparsed judgements without a verdict
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record JudgementCounts(long given, long repaired, long unparsed) {
  /** Counts. */
  public static JudgementCounts of(Collection<? extends Judgement<?>> judgements) {
    long given = 0;
    long repaired = 0;
    for (Judgement<?> judgement : judgements) {
      if (judgement instanceof Judgement.Given<?> verdict) {
        given++;
        repaired += verdict.repaired() ? 1 : 0;
      }
    }
    return new JudgementCounts(given, repaired, judgements.size() - given);
  }

  /**
   * Returns the unparsed part of all judgements; NaN when there are none. Khan et al. 2024 abort a
   * run above 0.2.
   */
  public double unparsedShare() {
    return (double) unparsed / (given + unparsed);
  }
}
