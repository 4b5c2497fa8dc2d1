package org.alignment4j.interp.discovery;

import org.apiguardian.api.API;

/** What edges outside a circuit carry. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum Corruption {
  /** What the source writes on the pair's corrupted prompt. */
  CORRUPTED_PROMPT,
  /** Nothing. */
  ZERO,
  /** The mean of what the source writes over all tokens of the corrupted prompts. */
  MEAN,
  /** The mean by position; corrupted prompts of one length. */
  MEAN_BY_POSITION
}
