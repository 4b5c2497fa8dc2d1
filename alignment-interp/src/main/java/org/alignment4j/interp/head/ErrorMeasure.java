package org.alignment4j.interp.head;

import org.apiguardian.api.API;

/** How a pattern {@code P} is compared with a detection pattern {@code D} of {@code T} tokens. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum ErrorMeasure {
  /** The share of attention on the mask, {@code Σ(P∘D)/ΣP}: from 0 to 1. */
  MUL,
  /**
   * {@code 1 − mean|P − D|·T}: 1 where they are equal, below 0 where little of what is expected is
   * there and much that is not.
   */
  ABS
}
