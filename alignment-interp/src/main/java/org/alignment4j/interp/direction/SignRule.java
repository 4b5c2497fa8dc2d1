package org.alignment4j.interp.direction;

import org.apiguardian.api.API;

/** Which way a principal component points. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum SignRule {
  /** So that {@code positive − negative} projects on it above 0 in the mean (steering-vectors). */
  MEAN_PROJECTION,
  /** Turned when in most pairs the positive member projects lower (repeng); a tie is kept. */
  MAJORITY_OF_PAIRS,
  /**
   * So that choosing the higher member of each pair is right at least as often as choosing the
   * lower, equal members being right for both (representation-engineering).
   */
  TRAINING_ACCURACY
}
