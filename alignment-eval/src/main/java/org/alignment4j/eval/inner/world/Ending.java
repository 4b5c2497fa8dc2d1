package org.alignment4j.eval.inner.world;

import org.apiguardian.api.API;

/** How an episode ended. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum Ending {
  /** All that was wanted was got. */
  GOAL,
  /** The proxy was reached and the goal was not, where that ends an episode. */
  PROXY,
  /** The steps were used up: neither. */
  TIME_OUT
}
