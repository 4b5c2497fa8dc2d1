package org.alignment4j.eval;

import org.apiguardian.api.API;

/** What a comparison of two models found on one metric. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum Change {
  /** Significantly nearer to the best value. */
  BETTER,
  /** Significantly further from the best value. */
  WORSE,
  /**
   * Significantly different and as good, or not shown to be better or worse: on the other side of a
   * best value and perhaps as far from it, or of a metric of which no value is better.
   */
  CHANGED,
  /** No significant difference; a smaller one than the detectable difference may be there. */
  NOT_SIGNIFICANT,
  /**
   * Not tested, since no sample is scored by both, or the figure is not the mean of the samples'
   * scores and its benchmark is not at hand or has fewer than two clusters; the intervals meet, so
   * that no large difference is known of.
   */
  UNTESTED
}
