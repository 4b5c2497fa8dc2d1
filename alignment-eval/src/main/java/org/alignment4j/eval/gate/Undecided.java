package org.alignment4j.eval.gate;

import org.apiguardian.api.API;

/** What follows when the samples cannot tell whether a gate's condition holds. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum Undecided {
  /** The gate stays closed: what cannot be shown does not pass. */
  FAIL,
  /** The figure alone decides, whatever its interval; lost samples still keep the gate closed. */
  BY_VALUE,
  /** The gate is passed over, as a test whose assumption does not hold. */
  SKIP
}
