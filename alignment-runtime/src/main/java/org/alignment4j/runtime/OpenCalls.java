package org.alignment4j.runtime;

import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/** The calls of a model that can be closed: closing waits for those in flight. Thread-safe. */
final class OpenCalls {

  private final ReentrantReadWriteLock calls = new ReentrantReadWriteLock();
  private boolean closed;

  /**
   * Makes a call during which the model stays open.
   *
   * @throws IllegalStateException if it is closed
   */
  <T> T call(Supplier<T> work) {
    calls.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException(
            "the model must be open but is closed; load it again, or close it after its last use");
      }
      return work.get();
    } finally {
      calls.readLock().unlock();
    }
  }

  /**
   * Closes the model once calls in flight have ended; again does nothing.
   *
   * @param free what closing does
   * @throws IllegalStateException if called from within a call of this model
   */
  void close(Runnable free) {
    if (calls.getReadHoldCount() > 0) {
      throw new IllegalStateException(
          "a model must not be closed from within its own call, such as a token listener");
    }
    calls.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        free.run();
      }
    } finally {
      calls.writeLock().unlock();
    }
  }
}
