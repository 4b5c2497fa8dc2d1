package org.alignment4j.api.model;

import org.apiguardian.api.API;

/**
 * When beam search ends before its length limit, once it has as many finished hypotheses as beams.
 * The names in Hugging Face's {@code early_stopping} are given.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum BeamSearchStopping {
  /** At once ({@code True}). */
  AT_ONCE,
  /**
   * When the best beam, scored at its present length, is no better than the worst finished
   * hypothesis ({@code False}, the default there): a positive length penalty may make this stop
   * before the best hypothesis is found.
   */
  HEURISTIC,
  /**
   * When no beam can become better than the worst finished hypothesis ({@code "never"}): the
   * canonical beam search.
   */
  NEVER
}
