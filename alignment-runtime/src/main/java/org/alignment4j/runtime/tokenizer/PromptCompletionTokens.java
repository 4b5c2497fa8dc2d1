package org.alignment4j.runtime.tokenizer;

import org.alignment4j.api.model.TokenIds;

/**
 * A prompt and its completion as one sequence.
 *
 * @param ids all tokens
 * @param completionStart index of the completion's first token; the tokens before it are the prompt
 */
public record PromptCompletionTokens(TokenIds ids, int completionStart) {

  /** Checks that the completion lies within the sequence. */
  public PromptCompletionTokens {
    if (completionStart < 0 || completionStart >= ids.size()) {
      throw new IllegalArgumentException(
          "completionStart must be from 0 to %s but was %s"
              .formatted(ids.size() - 1, completionStart));
    }
  }

  /** The prompt's tokens. */
  public TokenIds prompt() {
    return ids.slice(0, completionStart);
  }

  /** The completion's tokens, at least one. */
  public TokenIds completion() {
    return ids.slice(completionStart, ids.size());
  }
}
