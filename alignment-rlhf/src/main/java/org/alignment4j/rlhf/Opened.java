package org.alignment4j.rlhf;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What was opened so far, to be closed when something fails before it has an owner. Not
 * thread-safe.
 */
final class Opened {

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  /** Takes note of a part. */
  <T extends AutoCloseable> T with(T part) {
    parts.push(part);
    return part;
  }

  /** Takes note of a part that from now on closes those that were opened last. */
  <T extends AutoCloseable> T instead(int last, T part) {
    for (int i = 0; i < last; i++) {
      parts.pop();
    }
    return with(part);
  }

  /**
   * Closes all, the last first, though closing some of them fails.
   *
   * @param cause why; keeps what failed as suppressed
   */
  void close(Throwable cause) {
    for (AutoCloseable part : parts) {
      try {
        part.close();
      } catch (Exception | Error e) {
        if (e != cause) {
          cause.addSuppressed(e);
        }
      }
    }
  }
}
