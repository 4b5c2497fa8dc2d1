package org.alignment4j.rlhf;

import org.apiguardian.api.API;

/** What becomes of sampled answers whose best and worst score the same. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum Ties {
  /** Nothing is learned from them. */
  DROP,
  /** The first sample is preferred to the last of the others, as TRL does with two. */
  FIRST
}
