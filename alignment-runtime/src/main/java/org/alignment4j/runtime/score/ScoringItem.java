package org.alignment4j.runtime.score;

import org.alignment4j.api.model.TokenIds;

/**
 * A continuation as tokens.
 *
 * @param prompt what comes before, at least one token
 * @param continuation what is scored, at least one token
 * @param truncated tokens dropped from the left of the prompt
 */
record ScoringItem(TokenIds prompt, TokenIds continuation, int truncated) {

  /** Columns of its own beside the prompt's; the last token is predicted, not read. */
  int columns() {
    return continuation.size() - 1;
  }
}
