package org.alignment4j.rlhf.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class TextPiecesProperties {

  /** In each piece the first token is not learnt. */
  @Property(tries = 500)
  void everyTokenButTheFirstIsLearntOnceAndNoPieceIsTooLong(
      @ForAll @IntRange(min = 2, max = 300) int tokens,
      @ForAll @IntRange(min = 2, max = 40) int limit) {
    List<TextPieces.Piece> pieces = TextPieces.of(tokens, limit);
    int[] learnt = new int[tokens];
    int[] seen = new int[tokens];
    for (TextPieces.Piece piece : pieces) {
      assertThat(piece.to() - piece.from()).isBetween(2, limit);
      for (int i = piece.from(); i < piece.to(); i++) {
        seen[i]++;
        learnt[i] += i == piece.from() ? 0 : 1;
      }
    }
    assertThat(learnt[0]).isZero();
    assertThat(java.util.Arrays.stream(learnt, 1, tokens)).containsOnly(1);
    assertThat(seen[0]).isOne();
    assertThat(seen[tokens - 1]).isOne();
    for (int p = 0; p + 1 < pieces.size(); p++) {
      assertThat(pieces.get(p).to() - pieces.get(p).from()).as("whole rows first").isEqualTo(limit);
      assertThat(pieces.get(p + 1).from()).isEqualTo(pieces.get(p).to() - 1);
    }
    assertThat(pieces).as("no more than needed").hasSize((tokens + limit - 3) / (limit - 1));
  }

  @Example
  void whatFitsStaysWhole() {
    assertThat(TextPieces.of(2, 2)).containsExactly(new TextPieces.Piece(0, 2));
    assertThat(TextPieces.of(7, 7)).containsExactly(new TextPieces.Piece(0, 7));
    assertThat(TextPieces.of(8, 7))
        .containsExactly(new TextPieces.Piece(0, 7), new TextPieces.Piece(6, 8));
  }
}
