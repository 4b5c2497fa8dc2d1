package org.alignment4j.runtime.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.alignment4j.runtime.session.OwnedTensors;

/**
 * Which tokens of a batch are of one sequence, as the mask says: those that see the same first
 * token. Sequences that share a beginning are one, as long as the longest of them.
 *
 * @param sequence number of each token's sequence, {@code [batch, seq]}
 * @param lengths tokens of each sequence from its first position to its last
 */
record SequenceLengths(int[] sequence, int[] lengths) {

  static SequenceLengths of(TokenBatch tokens) {
    int seq = tokens.seq();
    int[] sequence = new int[tokens.batch() * seq];
    List<Integer> lengths = new ArrayList<>();
    for (int b = 0; b < tokens.batch(); b++) {
      int[] numbers = new int[seq];
      for (int t = 0; t < seq; t++) {
        int row = b * seq + t;
        int first = first(tokens, row);
        if (first == t) {
          numbers[t] = lengths.size();
          lengths.add(0);
        }
        sequence[row] = numbers[first];
        int length = Math.toIntExact(tokens.positions()[row] + 1);
        lengths.set(sequence[row], Math.max(lengths.get(sequence[row]), length));
      }
    }
    return new SequenceLengths(sequence, lengths.stream().mapToInt(n -> n).toArray());
  }

  /** Adds by which rows of which tables the tokens turn. */
  void put(DecoderEngine engine, TokenInput tokens, OwnedTensors feeds) {
    RotaryIndices indices = RotaryIndices.of(engine, lengths, tokens.seq());
    int[] offsets = indices.offsets();
    int[] shifts = Arrays.stream(sequence).map(s -> offsets[s]).toArray();
    // The tables go to the caller with the rest.
    feeds.putAll(indices.tables());
    feeds.putAll(indices.of(tokens.positions(), shifts, tokens.batch(), tokens.seq()));
  }

  /** The first column that a token sees; itself where it sees none. */
  private static int first(TokenBatch tokens, int row) {
    int self = row % tokens.seq();
    for (int column = 0; column < self; column++) {
      if (tokens.mask()[row * tokens.seq() + column] == 0) {
        return column;
      }
    }
    return self;
  }
}
