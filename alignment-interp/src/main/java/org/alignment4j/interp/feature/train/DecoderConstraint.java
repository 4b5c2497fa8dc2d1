package org.alignment4j.interp.feature.train;

import org.apiguardian.api.API;

/** What the rows of the decoder must be while they are trained. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum DecoderConstraint {
  /** Anything: the variant's loss weighs features by the norms. */
  FREE,
  /**
   * Of norm 1: the part of each gradient along its row is removed before the update, and rows are
   * normalised after it (Bricken et al. 2023).
   */
  UNIT_NORM
}
