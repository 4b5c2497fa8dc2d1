package org.alignment4j.rlhf;

import org.apiguardian.api.API;

/** Where each iteration of sampling and supervised training starts to train. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum IterationStart {
  /** From the model that the iteration before gave (RAFT). */
  PREVIOUS,
  /**
   * From the first model, on what the model that the iteration before gave has answered (expert
   * iteration with restarts), so that errors of training do not add up.
   */
  BASE
}
