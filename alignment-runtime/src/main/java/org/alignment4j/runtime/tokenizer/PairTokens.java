package org.alignment4j.runtime.tokenizer;

import com.google.common.primitives.ImmutableLongArray;
import org.alignment4j.api.model.TokenIds;

/**
 * Two texts encoded together.
 *
 * @param ids the tokens of both, special ones included
 * @param types of each token, usually 0 in the first text and 1 in the second
 */
public record PairTokens(TokenIds ids, ImmutableLongArray types) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when the numbers of tokens and types differ
   */
  public PairTokens {
    if (ids.size() != types.length()) {
      throw new IllegalArgumentException(
          "types must be one for each of "
              + ids.size()
              + " tokens but there were "
              + types.length());
    }
  }

  /** One text, all of whose tokens have type 0. */
  public static PairTokens single(TokenIds ids) {
    return new PairTokens(ids, ImmutableLongArray.copyOf(new long[ids.size()]));
  }
}
