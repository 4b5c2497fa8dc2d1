package org.alignment4j.api;

import org.apiguardian.api.API;

/**
 * Asks long work to stop at its next token, step or sample. Every implementation is safe for use by
 * several threads.
 */
@API(status = API.Status.STABLE, since = "0.1")
@FunctionalInterface
public interface CancellationToken {

  /**
   * Returns whether the work has been asked to stop.
   *
   * @return true from the first request on
   */
  boolean isCancelled();

  /**
   * Stops the caller when it was asked to: by this token or by interruption of the current thread
   * (whose interrupt flag stays set).
   *
   * @param work what stops, for the message, such as {@code "generation"}
   * @throws CancelledException when cancelled or interrupted
   */
  default void throwIfCancelled(String work) {
    if (isCancelled()) {
      throw new CancelledException(work + " was cancelled");
    }
    if (Thread.currentThread().isInterrupted()) {
      throw new CancelledException(work + " was interrupted");
    }
  }

  /**
   * Returns a token that never asks to stop; interruption still does.
   *
   * @return a token that is never cancelled
   */
  static CancellationToken none() {
    return () -> false;
  }
}
