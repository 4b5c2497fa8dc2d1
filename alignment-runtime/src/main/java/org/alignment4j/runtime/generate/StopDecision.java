package org.alignment4j.runtime.generate;

import org.alignment4j.api.model.FinishReason;
import org.jspecify.annotations.Nullable;

/**
 * Whether a completion ends after a token.
 *
 * @param reason why it ends, or null when it goes on
 * @param text the completion so far, cut before a stop string
 * @param releasable how many leading characters of {@code text} no later stop string can take back,
 *     hence may be streamed; all of them at the end
 */
record StopDecision(@Nullable FinishReason reason, String text, int releasable) {

  static StopDecision end(FinishReason reason, String text) {
    return new StopDecision(reason, text, text.length());
  }

  /**
   * Returns whether the completion ends here.
   *
   * @return true when there is a reason
   */
  public boolean ends() {
    return reason != null;
  }
}
