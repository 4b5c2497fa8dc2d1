package org.alignment4j.rlhf.advantage;

import org.apiguardian.api.API;

/** By what the sum of squared deviations of n values is divided. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum Variance {
  /** {@code n − 1}: unbiased (TRL, verl). */
  BESSEL,
  /** {@code n} (lm-human-preferences, OpenRLHF, alpaca_farm). */
  BIASED;

  double divisor(int n) {
    return this == BESSEL ? n - 1 : n;
  }
}
