package org.alignment4j.interp.activation;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.Tokenizer;
import org.apiguardian.api.API;

/**
 * Whether a beginning-of-sequence token stands before a text. Activations of the first token differ
 * from all others, so two sets are compared under one rule only.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum Beginning {
  /** As the tokenizer's own configuration says. */
  AS_CONFIGURED,
  /** Always one, and never a second. */
  ALWAYS,
  /** None is added; one that is written in the text stays. */
  NEVER;

  /**
   * Encodes texts.
   *
   * @param tokenizer the model's
   * @param texts what to encode
   * @return the tokens of each
   * @throws IllegalArgumentException if a text gives no token, or a beginning is wanted of a
   *     tokenizer that has none
   */
  public List<TokenIds> encode(Tokenizer tokenizer, List<String> texts) {
    List<TokenIds> encoded = new ArrayList<>(texts.size());
    for (int i = 0; i < texts.size(); i++) {
      TokenIds tokens = encode(tokenizer, texts.get(i));
      if (tokens.isEmpty()) {
        throw new IllegalArgumentException(
            "a text must give at least one token but text " + i + " gives none");
      }
      encoded.add(tokens);
    }
    return List.copyOf(encoded);
  }

  private TokenIds encode(Tokenizer tokenizer, String text) {
    return switch (this) {
      case AS_CONFIGURED -> tokenizer.encodeWithSpecialTokens(text);
      case NEVER -> tokenizer.encode(text);
      case ALWAYS -> {
        TokenIds begin =
            TokenIds.of(
                tokenizer
                    .bosId()
                    .orElseThrow(
                        () ->
                            new IllegalArgumentException(
                                "the tokenizer has no beginning-of-sequence token; use"
                                    + " AS_CONFIGURED or NEVER")));
        TokenIds tokens = tokenizer.encode(text);
        yield tokens.startsWith(begin) ? tokens : begin.concat(tokens);
      }
    };
  }
}
