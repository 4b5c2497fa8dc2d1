package org.alignment4j.runtime.generate;

import java.util.List;

/**
 * A batch of sequences under way, with what is cached of them. Used by one thread: first one {@link
 * #prefill}, then {@link #step}s.
 */
public interface DecodeSession extends AutoCloseable {

  /** Opens sessions of one model. */
  @FunctionalInterface
  interface Factory {

    /**
     * Opens a session.
     *
     * @param sequences index of each row's sequence in the call
     * @param capacity tokens that the longest row may reach
     */
    DecodeSession open(int[] sequences, int capacity);
  }

  /**
   * Reads the prompts.
   *
   * @param prompts one a row, none empty
   * @return logits of each row's next token, {@code [rows · vocab]}
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  float[] prefill(List<int[]> prompts);

  /**
   * Reads one more token of every row.
   *
   * @param tokens one a row
   * @return logits of each row's next token, {@code [rows · vocab]}
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  float[] step(int[] tokens);

  /**
   * Keeps some rows: the new row {@code i} is the old row {@code rows[i]}.
   *
   * @param rows distinct, with {@code rows[i] >= i}
   */
  void retain(int[] rows);

  @Override
  void close();
}
