package org.alignment4j.runtime.engine;

/**
 * Where the columns of a run lie in their sequences. The arrays are shared, not copied: treat them
 * as read-only; then thread-safe.
 *
 * @param batch rows of the run
 * @param seq columns of the run
 * @param keys columns attended over: cached ones, then the run's
 * @param sequences index of each row's sequence in the call, {@code [batch]}
 * @param promptLengths tokens of each row's prompt, {@code [batch]}
 * @param positions absolute position of each column, {@code [batch, seq]}; −1 for padding
 * @param keyPositions absolute position of each attended column, {@code [batch, keys]}; −1 for
 *     padding
 */
public record Columns(
    int batch,
    int seq,
    int keys,
    int[] sequences,
    int[] promptLengths,
    long[] positions,
    long[] keyPositions) {

  /**
   * Checks the lengths.
   *
   * @throws IllegalArgumentException when positions do not fit {@code batch · seq} or key positions
   *     {@code batch · keys}
   */
  public Columns {
    if (positions.length != batch * seq || keyPositions.length != batch * keys) {
      throw new IllegalArgumentException(
          "positions and keyPositions must fit "
              + batch
              + " rows of "
              + seq
              + " columns and "
              + keys
              + " keys");
    }
  }
}
