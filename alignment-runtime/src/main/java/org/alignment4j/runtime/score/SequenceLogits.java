package org.alignment4j.runtime.score;

import java.nio.FloatBuffer;
import java.util.List;

/** An engine that gives the logits of whole sequences. Thread-safe. */
public interface SequenceLogits {

  /** Takes logits, row by row. */
  @FunctionalInterface
  interface Reader {
    /**
     * Takes the logits after one token.
     *
     * @param sequence index of the sequence
     * @param column index of the token
     * @param row {@code [vocab]} from position 0; not to be kept
     */
    void read(int sequence, int column, FloatBuffer row);
  }

  /** Most columns, padding included, that {@link #read} should be given at once. */
  int maxColumns();

  /**
   * Computes sequences together.
   *
   * @param sequences tokens of each, none empty
   * @param from of each, the first token after which logits are wanted
   * @param reader gets the logits after every token from there on
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  void read(List<int[]> sequences, int[] from, Reader reader);
}
