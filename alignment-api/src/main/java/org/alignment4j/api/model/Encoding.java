package org.alignment4j.api.model;

import com.google.common.primitives.ImmutableIntArray;
import org.apiguardian.api.API;

/**
 * Tokens with the place of each in the text, in UTF-16 units.
 *
 * @param ids the tokens
 * @param starts where each token begins in the text; equal to its end for an added special token
 * @param ends where each token ends in the text, exclusive
 */
@API(status = API.Status.STABLE, since = "0.1")
public record Encoding(TokenIds ids, ImmutableIntArray starts, ImmutableIntArray ends) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when the parts differ in length
   */
  public Encoding {
    if (starts.length() != ids.size() || ends.length() != ids.size()) {
      throw new IllegalArgumentException(
          "starts and ends must have one value per token ("
              + ids.size()
              + ") but had "
              + starts.length()
              + " and "
              + ends.length());
    }
  }
}
