package org.alignment4j.rlhf.data;

import org.apiguardian.api.API;

/** What a loss over pairs may need besides the policy's log-probabilities of both answers. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum PairInput {
  /** The log-probabilities of both answers under the reference. */
  REFERENCE,

  /**
   * The log-probabilities of the first m tokens of both answers, where m is the length of the
   * shorter one; with {@link #REFERENCE}, those under the reference too.
   */
  SHARED_TOKENS,

  /** The log-probabilities of the prompts, of which the first token has none. */
  PROMPT_TOKENS,

  /**
   * The {@linkplain UpdateLengths mean lengths} of preferred answers and of prompts over the whole
   * update, however many micro-batches it has.
   */
  MEAN_LENGTHS,

  /**
   * All pairs of an update at once, numbered: the update is one micro-batch, however many pairs it
   * has, and memory grows with them.
   */
  WHOLE_UPDATE
}
