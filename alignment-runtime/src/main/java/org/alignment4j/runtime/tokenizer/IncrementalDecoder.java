package org.alignment4j.runtime.tokenizer;

import java.util.Arrays;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.Tokenizer;

/**
 * Decodes a stream of tokens into pieces of complete text: a character whose bytes are spread over
 * several tokens appears when its last byte has come.
 *
 * <p>Each piece is the difference of two decodings that begin at the same earlier token, so that
 * rules at the start of a text (such as a stripped blank) act on both alike. The pieces joined are
 * the decoded whole wherever the tokens are valid UTF-8. Not safe for concurrent use.
 */
public final class IncrementalDecoder {

  private static final char REPLACEMENT = '\ufffd';

  private final Tokenizer tokenizer;
  private int[] ids = new int[64];
  private int size;
  private int windowStart;
  private int emitted;
  private String context = "";

  /** A decoder that leaves special tokens out. */
  public IncrementalDecoder(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /**
   * Takes the tokens before the stream. Their text is not given again, except for a character that
   * they leave incomplete and the stream completes.
   *
   * @throws IllegalStateException if tokens have been taken before
   */
  public void begin(int[] before) {
    if (size > 0) {
      throw new IllegalStateException("begin must come before any token");
    }
    for (int id : before) {
      add(id);
    }
    context = decode(windowStart, size);
  }

  /**
   * Takes the next token.
   *
   * @return the text that is complete now, often empty
   * @throws IllegalArgumentException if the id is outside the vocabulary
   */
  public String add(int id) {
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, size * 2);
    }
    ids[size++] = id;
    String now = decode(windowStart, size);
    String before = before(now);
    boolean complete =
        now.length() > before.length() && now.charAt(now.length() - 1) != REPLACEMENT;
    if (!complete) {
      return "";
    }
    return advance(before, now);
  }

  /**
   * Ends the stream.
   *
   * @return what has not been given yet, with U+FFFD for incomplete characters
   */
  public String finish() {
    String now = decode(windowStart, size);
    String before = before(now);
    return now.length() > before.length() ? advance(before, now) : "";
  }

  /**
   * What has been given of {@code now}: of the tokens before the stream all that stays as it was.
   */
  private String before(String now) {
    return !context.isEmpty() && now.startsWith(context) ? context : decode(windowStart, emitted);
  }

  private String advance(String before, String now) {
    String piece = now.startsWith(before) ? now.substring(before.length()) : decode(emitted, size);
    windowStart = emitted;
    emitted = size;
    context = "";
    return piece;
  }

  private String decode(int from, int to) {
    return tokenizer.decode(TokenIds.of(Arrays.copyOfRange(ids, from, to)));
  }
}
