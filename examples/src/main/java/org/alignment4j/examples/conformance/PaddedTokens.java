package org.alignment4j.examples.conformance;

import java.util.Arrays;
import java.util.List;
import org.alignment4j.rlhf.advantage.CompletionMask;
import org.alignment4j.rlhf.advantage.TokenValues;

/**
 * Reads padded matrices as values of the tokens that are not padding, which stands behind them.
 *
 * @param lengths tokens of each row
 */
record PaddedTokens(int... lengths) {

  /** The tokens that a 0/1 matrix counts. */
  static PaddedTokens counted(Fixture mask) {
    return new PaddedTokens(
        mask.elements().stream().mapToInt(row -> ones(row, row.numbers())).toArray());
  }

  /** The tokens that a matrix of booleans does not call padding. */
  static PaddedTokens notPadding(Fixture padding) {
    List<Fixture> rows = padding.elements();
    int[] lengths = new int[rows.size()];
    for (int s = 0; s < lengths.length; s++) {
      double[] kept =
          rows.get(s).elements().stream().mapToDouble(e -> e.node().asBoolean() ? 0 : 1).toArray();
      lengths[s] = ones(rows.get(s), kept);
    }
    return new PaddedTokens(lengths);
  }

  private static int ones(Fixture row, double[] values) {
    int count = (int) Arrays.stream(values).sum();
    for (int t = 0; t < values.length; t++) {
      if (values[t] != (t < count ? 1 : 0)) {
        throw new IllegalArgumentException(
            row.place() + " must have its padding behind the tokens but has it at " + t);
      }
    }
    return count;
  }

  /** The mask that scores every token. */
  CompletionMask mask() {
    return CompletionMask.ofLengths(lengths);
  }

  /** The values at the tokens. */
  TokenValues values(Fixture matrix) {
    List<Fixture> rows = matrix.elements();
    if (rows.size() != lengths.length) {
      throw new IllegalArgumentException(
          "%s must have %s rows but has %s".formatted(matrix.place(), lengths.length, rows.size()));
    }
    double[][] values = new double[lengths.length][];
    for (int s = 0; s < values.length; s++) {
      values[s] = Arrays.copyOf(rows.get(s).numbers(), lengths[s]);
    }
    return TokenValues.of(values);
  }

  /** The values at the tokens, row after row. */
  double[] flat(Fixture matrix) {
    return values(matrix).flat();
  }
}
