package org.alignment4j.rlhf.advantage;

import java.util.Arrays;
import org.apiguardian.api.API;

/**
 * Which tokens of completions count, {@code [sequences][tokens]}. Built from lengths, never from
 * the identity of a padding token; the end token is among the tokens of a completion, what follows
 * it is not. Tokens that the model did not write, such as answers of tools inside a completion, are
 * present but not scored. Immutable and thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class CompletionMask {

  private final boolean[][] rows;
  private final int[] counts;
  private final int total;

  private CompletionMask(boolean[][] rows) {
    this.rows = rows;
    this.counts = new int[rows.length];
    int sum = 0;
    for (int s = 0; s < rows.length; s++) {
      for (boolean scored : rows[s]) {
        counts[s] += scored ? 1 : 0;
      }
      sum = Math.addExact(sum, counts[s]);
    }
    this.total = sum;
  }

  /**
   * Returns a mask in which every token is scored.
   *
   * @param lengths tokens of each completion, end token included, from 0
   * @return the mask
   * @throws IllegalArgumentException when a length is negative
   */
  public static CompletionMask ofLengths(int... lengths) {
    boolean[][] rows = new boolean[lengths.length][];
    for (int s = 0; s < rows.length; s++) {
      if (lengths[s] < 0) {
        throw new IllegalArgumentException(
            "lengths[%s] must not be negative but was %s".formatted(s, lengths[s]));
      }
      rows[s] = new boolean[lengths[s]];
      Arrays.fill(rows[s], true);
    }
    return new CompletionMask(rows);
  }

  /**
   * Returns a mask of given tokens.
   *
   * @param scored whether each token is scored, {@code [sequences][tokens]}
   * @return the mask
   */
  public static CompletionMask of(boolean[][] scored) {
    boolean[][] rows = new boolean[scored.length][];
    for (int s = 0; s < rows.length; s++) {
      rows[s] = scored[s].clone();
    }
    return new CompletionMask(rows);
  }

  /**
   * Returns the number of sequences.
   *
   * @return the number, those without a scored token included
   */
  public int sequences() {
    return rows.length;
  }

  /**
   * Returns the number of tokens of a sequence.
   *
   * @param sequence its index
   * @return the number, tokens that are not scored included
   */
  public int length(int sequence) {
    return rows[sequence].length;
  }

  /**
   * Returns whether a token is scored.
   *
   * @param sequence index of the sequence
   * @param token index of the token in it
   * @return whether it counts
   */
  public boolean scored(int sequence, int token) {
    return rows[sequence][token];
  }

  /**
   * Returns the number of scored tokens of a sequence.
   *
   * @param sequence its index
   * @return the number, from 0
   */
  public int count(int sequence) {
    return counts[sequence];
  }

  /**
   * Returns the number of scored tokens.
   *
   * @return the number over all sequences, from 0
   */
  public int total() {
    return total;
  }

  /**
   * Returns the number of sequences that have a scored token.
   *
   * @return the number, from 0
   */
  public int scoredSequences() {
    return (int) Arrays.stream(counts).filter(c -> c > 0).count();
  }

  /**
   * Returns where the last scored token of a sequence is.
   *
   * @param sequence its index
   * @return index of the token, or −1 where none is scored
   */
  public int lastScored(int sequence) {
    int t = rows[sequence].length - 1;
    while (t >= 0 && !rows[sequence][t]) {
      t--;
    }
    return t;
  }

  /**
   * Returns this mask without the tokens of some sequences, such as truncated completions. The
   * sequences stay, so that indices keep their meaning, but leave every sum and count.
   *
   * @param dropped whether each sequence is to be left out
   * @return the mask
   * @throws IllegalArgumentException when the numbers of sequences differ
   */
  public CompletionMask without(boolean[] dropped) {
    Shapes.requireSequences("dropped", dropped.length, this);
    boolean[][] kept = new boolean[rows.length][];
    for (int s = 0; s < rows.length; s++) {
      kept[s] = dropped[s] ? new boolean[rows[s].length] : rows[s];
    }
    return new CompletionMask(kept);
  }

  /**
   * Returns the rows of some sequences.
   *
   * @param sequences their indices, in the order wanted
   * @return the mask, {@code [sequences.length][tokens]}
   */
  public CompletionMask select(int... sequences) {
    boolean[][] picked = new boolean[sequences.length][];
    for (int i = 0; i < picked.length; i++) {
      picked[i] = rows[sequences[i]];
    }
    return new CompletionMask(picked);
  }

  /** This mask with rows as long as those of values; sequences with a scored token score more. */
  CompletionMask extendedTo(TokenValues values) {
    Shapes.requireCovers("values", values, this);
    boolean[][] longer = new boolean[rows.length][];
    for (int s = 0; s < rows.length; s++) {
      longer[s] = Arrays.copyOf(rows[s], values.length(s));
      Arrays.fill(longer[s], rows[s].length, longer[s].length, counts[s] > 0);
    }
    return new CompletionMask(longer);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CompletionMask that && Arrays.deepEquals(rows, that.rows);
  }

  @Override
  public int hashCode() {
    return Arrays.deepHashCode(rows);
  }

  @Override
  public String toString() {
    return "CompletionMask[%s sequences, %s scored tokens]".formatted(rows.length, total);
  }
}
