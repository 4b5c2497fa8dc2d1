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
     * @param sequences index of each row's prompt in the call
     * @param capacity tokens that the longest row may reach
     * @param steps most tokens read after each prompt; rotary positions that depend on the length
     *     turn by that of the prompt and these, at most the capacity
     */
    DecodeSession open(int[] sequences, int capacity, int steps);

    /**
     * Opens a session whose rows may each reach the capacity.
     *
     * @param sequences index of each row's prompt in the call
     * @param capacity tokens that the longest row may reach
     */
    default DecodeSession open(int[] sequences, int capacity) {
      return open(sequences, capacity, capacity);
    }

    /** Whether rows of equal prompts read them once, so that more of them cost no more to read. */
    default boolean sharesPrompts() {
      return false;
    }
  }

  /**
   * Reads the prompts; rows may share the computation of what their prompts begin with.
   *
   * @param prompts one a row, none empty; as many as the session was opened for, or fewer
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
   * Makes the old row {@code rows[i]} the new row {@code i}. Rows may be left out and may be taken
   * several times, as far as there are no more than at the beginning.
   *
   * @param rows old rows
   */
  void select(int[] rows);

  /**
   * How many tokens of each row's prompt were computed for another row, {@code [rows]} as they were
   * read; empty where nothing is shared.
   */
  default int[] reused() {
    return new int[0];
  }

  @Override
  void close();
}
