package org.alignment4j.examples.sentiment;

import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.model.TokenIds;

/**
 * A sampled continuation.
 *
 * @param prompt what is continued
 * @param text the continuation
 * @param tokens as sampled
 */
record Reply(String prompt, String text, TokenIds tokens) {

  PromptCompletion answered() {
    return new PromptCompletion(Prompt.text(prompt), text);
  }
}
