package org.alignment4j.pocket.bpe;

import java.util.List;

/**
 * A byte-level BPE vocabulary. Ids are places in {@code tokens}: the special tokens first, then the
 * 256 bytes by value, then one token per merge in the order of learning.
 *
 * @param specialTokens texts of the special tokens
 * @param tokens all tokens, ordinary ones in the byte alphabet's stand-in characters
 * @param merges what is joined, in order of priority
 */
public record BpeVocabulary(List<String> specialTokens, List<String> tokens, List<Merge> merges) {

  /** Copies the lists and checks that their sizes fit together. */
  public BpeVocabulary {
    specialTokens = List.copyOf(specialTokens);
    tokens = List.copyOf(tokens);
    merges = List.copyOf(merges);
    int expected = specialTokens.size() + 256 + merges.size();
    if (tokens.size() != expected) {
      throw new IllegalArgumentException(
          "tokens must be the special tokens, 256 bytes and one per merge (%s) but were %s"
              .formatted(expected, tokens.size()));
    }
  }

  /** The number of ids. */
  public int size() {
    return tokens.size();
  }

  /**
   * One join of two tokens.
   *
   * @param left the token in front
   * @param right the token behind
   */
  public record Merge(String left, String right) {
    /** The token that results. */
    public String joined() {
      return left + right;
    }
  }
}
