package org.alignment4j.rlhf.data;

import java.util.ArrayList;
import java.util.List;

/** How a text that is longer than a row lies in several. */
final class TextPieces {

  /**
   * Some consecutive tokens of a text.
   *
   * @param from the first, inclusive
   * @param to the last, exclusive; at least {@code from + 2}
   */
  record Piece(int from, int to) {}

  private TextPieces() {}

  /**
   * Cuts a text into pieces of the limit and a last one of what is left. Each later piece begins
   * with the token that ends the one before it: the first token of a row has nothing before it and
   * is not learnt, so that with this overlap, and without any other, each token of the text but its
   * first is learnt once.
   *
   * @param tokens of the text, at least 2
   * @param limit most tokens of a piece, at least 2
   */
  static List<Piece> of(int tokens, int limit) {
    List<Piece> pieces = new ArrayList<>();
    for (int from = 0; from < tokens - 1; from += limit - 1) {
      pieces.add(new Piece(from, Math.min(tokens, from + limit)));
    }
    return pieces;
  }
}
