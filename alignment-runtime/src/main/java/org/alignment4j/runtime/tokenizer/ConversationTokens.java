package org.alignment4j.runtime.tokenizer;

import java.util.BitSet;
import org.alignment4j.api.model.TokenIds;

/** A conversation as one sequence in which the assistant's tokens are known. */
public final class ConversationTokens {

  private final TokenIds ids;
  private final BitSet assistant;

  ConversationTokens(TokenIds ids, BitSet assistant) {
    this.ids = ids;
    this.assistant = assistant;
  }

  /** All tokens. */
  public TokenIds ids() {
    return ids;
  }

  /**
   * Whether a token was written by the assistant, so that training may imitate it.
   *
   * @param index from 0 to {@code ids().size() - 1}
   */
  public boolean isAssistant(int index) {
    if (index < 0 || index >= ids.size()) {
      throw new IndexOutOfBoundsException(
          "index must be from 0 to " + (ids.size() - 1) + " but was " + index);
    }
    return assistant.get(index);
  }

  /** Number of the assistant's tokens. */
  public int assistantTokens() {
    return assistant.cardinality();
  }
}
