package org.alignment4j.interp.trace;

import org.apiguardian.api.API;

/** What is restored at a token. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum TracedState {
  /** The residual stream after a layer. */
  RESIDUAL,
  /** The outputs of the MLPs of a window of layers. */
  MLP,
  /** The outputs of attention of a window of layers. */
  ATTENTION
}
