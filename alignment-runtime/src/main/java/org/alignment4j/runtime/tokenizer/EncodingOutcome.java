package org.alignment4j.runtime.tokenizer;

/** The result of encoding a row tolerantly. */
public sealed interface EncodingOutcome {

  /** The row has an exact boundary. */
  record Encoded(PromptCompletionTokens tokens) implements EncodingOutcome {}

  /**
   * The row cannot be used.
   *
   * @param reason what is wrong and how to mend it
   */
  record Dropped(String reason) implements EncodingOutcome {}
}
