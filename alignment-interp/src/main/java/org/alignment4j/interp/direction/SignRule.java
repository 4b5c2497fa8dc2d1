package org.alignment4j.interp.direction;

import org.apiguardian.api.API;

/** Which way a principal component points. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum SignRule {
  /** So that {@code positive − negative} projects on it above 0 in the mean (steering-vectors). */
  MEAN_PROJECTION,
  /**
   * Turned when in more pairs the positive member projects lower than higher (repeng); a tie is
   * kept. It is the sign by training accuracy of representation-engineering, too: choosing the
   * higher member of each pair is then right at least as often as choosing the lower, equal members
   * being right for both.
   */
  MAJORITY_OF_PAIRS
}
