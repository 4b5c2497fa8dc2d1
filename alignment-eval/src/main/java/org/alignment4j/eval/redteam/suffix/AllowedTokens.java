package org.alignment4j.eval.redteam.suffix;

import java.util.stream.IntStream;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.Tokenizer;

/**
 * Which tokens a search may use: none that is special, and printable ASCII only where asked for.
 */
final class AllowedTokens {
  private final boolean[] allowed;
  private final int[] ids;

  private AllowedTokens(boolean[] allowed) {
    this.allowed = allowed;
    this.ids = IntStream.range(0, allowed.length).filter(id -> allowed[id]).toArray();
  }

  /**
   * Looks at every token of a vocabulary.
   *
   * @throws IllegalArgumentException when no token is left
   */
  static AllowedTokens of(Tokenizer tokenizer, boolean asciiOnly) {
    boolean[] allowed = new boolean[tokenizer.vocabularySize()];
    for (int id = 0; id < allowed.length; id++) {
      allowed[id] =
          !tokenizer.specialIds().contains(id)
              && isText(tokenizer.decode(TokenIds.of(id)), asciiOnly);
    }
    AllowedTokens tokens = new AllowedTokens(allowed);
    if (tokens.ids.length == 0) {
      throw new IllegalArgumentException(
          "a search needs a token that it may use but the vocabulary of "
              + allowed.length
              + " has none that is printable ASCII; allow other tokens");
    }
    return tokens;
  }

  private static boolean isText(String text, boolean asciiOnly) {
    return !text.isEmpty() && (!asciiOnly || text.chars().allMatch(c -> c >= ' ' && c <= '~'));
  }

  /** False too for ids beyond the vocabulary, for which a model may have padded rows. */
  boolean contains(int id) {
    return id < allowed.length && allowed[id];
  }

  int size() {
    return ids.length;
  }

  int get(int index) {
    return ids[index];
  }
}
