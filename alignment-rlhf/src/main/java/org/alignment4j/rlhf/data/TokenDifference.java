package org.alignment4j.rlhf.data;

import java.util.Optional;
import org.alignment4j.api.model.Tokenizer;
import org.apiguardian.api.API;

/**
 * Where two tokenizers mean different things by the same number.
 *
 * @param id the token
 * @param first what it is to the first tokenizer
 * @param second what it is to the second
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record TokenDifference(int id, String first, String second) {

  /**
   * Compares the tokens that both have.
   *
   * @param first a tokenizer
   * @param second another
   * @return the first token that differs; empty where numbers of one may be read by the other
   */
  public static Optional<TokenDifference> between(Tokenizer first, Tokenizer second) {
    if (first == second) {
      return Optional.empty();
    }
    int size = Math.min(first.vocabularySize(), second.vocabularySize());
    for (int id = 0; id < size; id++) {
      if (!first.token(id).equals(second.token(id))) {
        return Optional.of(new TokenDifference(id, first.token(id), second.token(id)));
      }
    }
    return Optional.empty();
  }
}
