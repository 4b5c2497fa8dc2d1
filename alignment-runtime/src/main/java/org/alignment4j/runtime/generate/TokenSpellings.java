package org.alignment4j.runtime.generate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.Tokenizer;
import org.apiguardian.api.API;

/**
 * The tokens that spell a text, for every token whose text is whole characters; special tokens and
 * those that hold a part of a character only are left out. Immutable and thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class TokenSpellings {

  private static final char REPLACEMENT = '\ufffd';

  private final Map<String, List<Integer>> tokens;
  private final int longest;

  private TokenSpellings(Map<String, List<Integer>> tokens) {
    this.tokens = tokens;
    this.longest = tokens.keySet().stream().mapToInt(String::length).max().orElse(0);
  }

  /**
   * Reads a whole vocabulary.
   *
   * @param tokenizer decodes every token
   * @param vocabSize how many tokens the model knows
   */
  public static TokenSpellings of(Tokenizer tokenizer, int vocabSize) {
    // Behind another token, so that the rules of a text's beginning do not act.
    TokenIds anchor = tokenizer.encode("a");
    String before = tokenizer.decode(anchor);
    Map<String, List<Integer>> tokens = new HashMap<>();
    for (int id = 0; id < Math.min(vocabSize, tokenizer.vocabularySize()); id++) {
      if (tokenizer.specialIds().contains(id)) {
        continue;
      }
      String both = tokenizer.decode(anchor.concat(TokenIds.of(id)));
      if (both.startsWith(before) && both.length() > before.length()) {
        String text = both.substring(before.length());
        if (text.indexOf(REPLACEMENT) < 0) {
          tokens.computeIfAbsent(text, t -> new ArrayList<>()).add(id);
        }
      }
    }
    return new TokenSpellings(tokens);
  }

  /** What a text can go on with. */
  @FunctionalInterface
  interface Consumer {

    /**
     * Called for every token that fits.
     *
     * @param token its id
     * @param end where it ends in the text
     */
    void accept(int token, int end);
  }

  /** Gives every token whose text lies at a place of a text. */
  void at(String text, int offset, Consumer consumer) {
    int limit = Math.min(text.length(), offset + longest);
    for (int end = offset + 1; end <= limit; end++) {
      for (int token : tokens.getOrDefault(text.substring(offset, end), List.of())) {
        consumer.accept(token, end);
      }
    }
  }
}
