package org.alignment4j.core.calls;

import org.apiguardian.api.API;

/** In which order results are handed over. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum ResultOrder {
  /**
   * As the inputs were given. Calls run ahead of the oldest unanswered one by a few times the most
   * calls at once, so that what waits for its turn stays bounded.
   */
  OF_INPUTS,
  /** As calls are answered. */
  AS_THEY_COME
}
