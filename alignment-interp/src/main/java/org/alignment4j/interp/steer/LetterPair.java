package org.alignment4j.interp.steer;

import org.alignment4j.api.model.TokenIds;
import org.apiguardian.api.API;

/**
 * Two sequences that differ in their last token, the letter that answers.
 *
 * @param positive ends with the letter that shows the behaviour
 * @param negative ends with the other letter
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record LetterPair(TokenIds positive, TokenIds negative) {

  /**
   * Checks the sequences.
   *
   * @throws IllegalArgumentException if they do not differ in their last token alone, or have
   *     nothing before it
   */
  public LetterPair {
    int last = positive.size() - 1;
    if (last < 1
        || negative.size() != positive.size()
        || !negative.slice(0, last).equals(positive.slice(0, last))
        || negative.get(last) == positive.get(last)) {
      throw new IllegalArgumentException(
          "a pair must differ in its last token alone, with something before it, but was "
              + positive
              + " and "
              + negative);
    }
  }

  /** The pair with its members exchanged. */
  public LetterPair swapped() {
    return new LetterPair(negative, positive);
  }

  /** Token of the letter that shows the behaviour. */
  public int positiveLetter() {
    return positive.get(positive.size() - 1);
  }

  /** Token of the other letter. */
  public int negativeLetter() {
    return negative.get(negative.size() - 1);
  }
}
