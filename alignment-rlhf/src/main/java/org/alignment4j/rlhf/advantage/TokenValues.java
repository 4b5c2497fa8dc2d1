package org.alignment4j.rlhf.advantage;

import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import org.apiguardian.api.API;

/**
 * A number for each token of each completion, {@code [sequences][tokens]}: log-probabilities,
 * rewards, values, advantages or weights. Rows are as long as their completions, so there is no
 * padding that could leak. Immutable and thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class TokenValues {

  private final double[][] rows;

  private TokenValues(double[][] rows) {
    this.rows = rows;
  }

  /**
   * Copies rows.
   *
   * @param rows values, {@code [sequences][tokens]}; rows may differ in length
   * @return the values
   */
  public static TokenValues of(double[][] rows) {
    double[][] copy = new double[rows.length][];
    for (int s = 0; s < rows.length; s++) {
      copy[s] = rows[s].clone();
    }
    return new TokenValues(copy);
  }

  /** Takes rows that nobody else writes to. */
  static TokenValues owning(double[][] rows) {
    return new TokenValues(rows);
  }

  /**
   * Splits a vector into rows.
   *
   * @param flat values of all sequences one after the other
   * @param lengths tokens of each sequence
   * @return the values, {@code [sequences][tokens]}
   * @throws IllegalArgumentException when the lengths do not add up to the number of values
   */
  public static TokenValues ofFlat(double[] flat, int... lengths) {
    long total = 0;
    for (int length : lengths) {
      total += length;
    }
    if (total != flat.length) {
      throw new IllegalArgumentException(
          "lengths must add up to the %s values but add up to %s".formatted(flat.length, total));
    }
    double[][] rows = new double[lengths.length][];
    int from = 0;
    for (int s = 0; s < rows.length; s++) {
      rows[s] = Arrays.copyOfRange(flat, from, from + lengths[s]);
      from += lengths[s];
    }
    return new TokenValues(rows);
  }

  /**
   * Gives every scored token of a sequence the value of the sequence, and 0 to the others.
   *
   * @param values one value a sequence
   * @param mask which tokens are scored
   * @return the values, shaped as the mask
   * @throws IllegalArgumentException when the numbers of sequences differ
   */
  public static TokenValues broadcast(double[] values, CompletionMask mask) {
    Shapes.requireSequences("values", values.length, mask);
    double[][] rows = new double[values.length][];
    for (int s = 0; s < rows.length; s++) {
      rows[s] = new double[mask.length(s)];
      for (int t = 0; t < rows[s].length; t++) {
        rows[s][t] = mask.scored(s, t) ? values[s] : 0;
      }
    }
    return new TokenValues(rows);
  }

  /**
   * Returns the number of sequences.
   *
   * @return the number, from 0
   */
  public int sequences() {
    return rows.length;
  }

  /**
   * Returns the number of values of a sequence.
   *
   * @param sequence its index
   * @return the number, from 0
   */
  public int length(int sequence) {
    return rows[sequence].length;
  }

  /**
   * Returns a value.
   *
   * @param sequence index of the sequence
   * @param token index of the token in it
   * @return the value
   */
  public double get(int sequence, int token) {
    return rows[sequence][token];
  }

  /**
   * Returns the values of a sequence.
   *
   * @param sequence its index
   * @return a copy, {@code [tokens]}
   */
  public double[] row(int sequence) {
    return rows[sequence].clone();
  }

  /**
   * Returns every value, sequence after sequence.
   *
   * @return a new vector
   */
  public double[] flat() {
    return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
  }

  /**
   * Returns the values of scored tokens, sequence after sequence: what a loss over {@code [rows]}
   * is fed. Values beyond the mask's tokens are left out.
   *
   * @param mask which tokens are scored; no longer than these rows
   * @return a new vector of {@link CompletionMask#total()} values
   * @throws IllegalArgumentException when the mask is longer than a row
   */
  public double[] flat(CompletionMask mask) {
    Shapes.requireCovers("values", this, mask);
    double[] flat = new double[mask.total()];
    int at = 0;
    for (int s = 0; s < rows.length; s++) {
      for (int t = 0; t < mask.length(s); t++) {
        if (mask.scored(s, t)) {
          flat[at++] = rows[s][t];
        }
      }
    }
    return flat;
  }

  /**
   * Returns the rows of some sequences.
   *
   * @param sequences their indices, in the order wanted
   * @return the values, {@code [sequences.length][tokens]}
   */
  public TokenValues select(int... sequences) {
    double[][] picked = new double[sequences.length][];
    for (int i = 0; i < picked.length; i++) {
      picked[i] = rows[sequences[i]];
    }
    return new TokenValues(picked);
  }

  /**
   * Applies a function to every value.
   *
   * @param function the function
   * @return the results, of the same shape
   */
  public TokenValues map(DoubleUnaryOperator function) {
    double[][] out = new double[rows.length][];
    for (int s = 0; s < rows.length; s++) {
      out[s] = Arrays.stream(rows[s]).map(function).toArray();
    }
    return new TokenValues(out);
  }

  /**
   * Applies a function to the values of two arrays of the same shape.
   *
   * @param other the second arguments
   * @param function the function
   * @return the results, of the same shape
   * @throws IllegalArgumentException when the shapes differ, naming the sequence
   */
  public TokenValues combine(TokenValues other, DoubleBinaryOperator function) {
    Shapes.requireSame("values", this, other);
    double[][] out = new double[rows.length][];
    for (int s = 0; s < rows.length; s++) {
      out[s] = new double[rows[s].length];
      for (int t = 0; t < out[s].length; t++) {
        out[s][t] = function.applyAsDouble(rows[s][t], other.rows[s][t]);
      }
    }
    return new TokenValues(out);
  }

  /**
   * Sums the scored values of each sequence.
   *
   * @param mask which tokens are scored; no longer than these rows
   * @return the sums, {@code [sequences]}
   * @throws IllegalArgumentException when the mask is longer than a row
   */
  public double[] sums(CompletionMask mask) {
    Shapes.requireCovers("values", this, mask);
    double[] sums = new double[rows.length];
    for (int s = 0; s < rows.length; s++) {
      for (int t = 0; t < mask.length(s); t++) {
        sums[s] += mask.scored(s, t) ? rows[s][t] : 0;
      }
    }
    return sums;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TokenValues that && Arrays.deepEquals(rows, that.rows);
  }

  @Override
  public int hashCode() {
    return Arrays.deepHashCode(rows);
  }

  @Override
  public String toString() {
    return Arrays.deepToString(rows);
  }
}
