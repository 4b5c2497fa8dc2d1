package org.alignment4j.runtime.session;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The calls of a model that can be closed. Closing waits for the calls that are open, and only for
 * these: once it has begun, further ones are refused at once, so that a call which is waited for
 * may itself wait for a thread that tries to call the model. Thread-safe.
 */
public final class OpenCalls {

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** How many calls each thread is in, one within the other. */
  private final Map<Thread, Integer> open = new HashMap<>();

  private boolean closing;
  private boolean closed;

  /** Calls of a model that is open. */
  public OpenCalls() {}

  /**
   * Makes a call during which the model stays open. Calls from within it, by the same thread, are
   * part of it.
   *
   * @param work what the call does
   * @return what it gives
   * @throws IllegalStateException if the model is closed or being closed
   */
  public <T> T call(Supplier<T> work) {
    begin();
    try {
      return work.get();
    } finally {
      end();
    }
  }

  private void begin() {
    Thread thread = Thread.currentThread();
    lock.lock();
    try {
      if (closing && !open.containsKey(thread)) {
        throw new IllegalStateException(
            "the model must be open but is closed; load it again, or close it after its last use");
      }
      open.merge(thread, 1, Integer::sum);
    } finally {
      lock.unlock();
    }
  }

  private void end() {
    lock.lock();
    try {
      open.computeIfPresent(Thread.currentThread(), (thread, n) -> n == 1 ? null : n - 1);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Closes the model once the calls that are open have ended; again waits for that and does
   * nothing.
   *
   * @param free what closing does; the model counts as closed even when it fails
   * @throws IllegalStateException if called from within a call of this model
   */
  public void close(Runnable free) {
    if (beginClosing()) {
      try {
        free.run();
      } finally {
        endClosing();
      }
    }
  }

  /** Waits until nothing is in the way of freeing; false if that is another's task. */
  private boolean beginClosing() {
    lock.lock();
    try {
      if (open.containsKey(Thread.currentThread())) {
        throw new IllegalStateException(
            "a model must not be closed from within its own call, such as a token listener");
      }
      boolean first = !closing;
      closing = true;
      while (first ? !open.isEmpty() : !closed) {
        changed.awaitUninterruptibly();
      }
      return first;
    } finally {
      lock.unlock();
    }
  }

  private void endClosing() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
