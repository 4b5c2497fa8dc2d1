package org.alignment4j.api.model;

import java.util.OptionalInt;
import java.util.Set;
import org.apiguardian.api.API;

/**
 * Turns text into token ids and back. Implementations are immutable and safe for concurrent use.
 */
@API(status = API.Status.STABLE, since = "0.1")
public interface Tokenizer {

  /**
   * Encodes text as it is: nothing is added. Special tokens written out in the text are recognised.
   *
   * @param text what to encode
   * @return the tokens
   */
  TokenIds encode(String text);

  /**
   * Encodes text with the special tokens this tokenizer adds around a text, such as a
   * beginning-of-sequence token.
   *
   * @param text what to encode
   * @return the tokens
   */
  TokenIds encodeWithSpecialTokens(String text);

  /**
   * Encodes text as {@link #encode(String)} does and says where each token lies in it.
   *
   * @param text what to encode
   * @return the tokens and their places
   */
  Encoding encodeWithOffsets(String text);

  /**
   * Decodes tokens, leaving special tokens out.
   *
   * @param ids the tokens
   * @return the text
   * @throws IllegalArgumentException when an id is outside the vocabulary
   */
  String decode(TokenIds ids);

  /**
   * Decodes tokens, writing special tokens out.
   *
   * @param ids the tokens
   * @return the text
   * @throws IllegalArgumentException when an id is outside the vocabulary
   */
  String decodeWithSpecialTokens(TokenIds ids);

  /**
   * Returns a token in the vocabulary's own spelling, such as {@code "Ġthe"}.
   *
   * @param id the token
   * @return its spelling
   * @throws IllegalArgumentException when the id is outside the vocabulary
   */
  String token(int id);

  /**
   * Returns the id of a spelling.
   *
   * @param token the vocabulary's own spelling
   * @return its id; empty when the vocabulary lacks it
   */
  OptionalInt id(String token);

  /**
   * Returns the number of tokens, added ones included: ids run from 0 to one less.
   *
   * @return the size of the vocabulary
   */
  int vocabularySize();

  /**
   * Returns the ids of all special tokens.
   *
   * @return the ids, in ascending order
   */
  Set<Integer> specialIds();

  /**
   * Returns the beginning-of-sequence token.
   *
   * @return its id; empty when there is none
   */
  OptionalInt bosId();

  /**
   * Returns the tokens that end a sequence.
   *
   * @return their ids; empty when there is none
   */
  Set<Integer> eosIds();

  /**
   * Returns the padding token.
   *
   * @return its id; empty when there is none
   */
  OptionalInt padId();
}
