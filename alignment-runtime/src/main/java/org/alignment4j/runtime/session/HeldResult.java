package org.alignment4j.runtime.session;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.alignment4j.api.ModelExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The outputs of a run, copied to the heap when they are asked for: until then they lie where the
 * run wrote them. Once it is settled or closed it holds no native memory. Thread-safe.
 */
public final class HeldResult implements AutoCloseable {

  /** Counts this no longer among those that hold native memory. */
  interface Released {
    void released();
  }

  private final Set<String> fetched;
  private final Map<String, float[]> copies = new HashMap<>();
  private @Nullable RunResult result;
  private Released released = () -> {};

  HeldResult(RunResult result, Set<String> fetched) {
    this.result = result;
    this.fetched = Set.copyOf(fetched);
  }

  synchronized void onRelease(Released listener) {
    released = listener;
  }

  /**
   * The elements of a float output, in an array that is this one's: not to be changed.
   *
   * @throws IllegalArgumentException if the run did not fetch it
   * @throws IllegalStateException if this was closed before they were first asked for
   * @throws ModelExecutionException if they have more than 2³¹−1 bytes
   */
  public synchronized float[] array(String name) {
    float[] copy = copies.get(name);
    if (copy != null) {
      return copy;
    }
    if (!fetched.contains(name)) {
      throw new IllegalArgumentException("output " + name + " was not fetched; have " + fetched);
    }
    if (result == null) {
      throw new IllegalStateException(
          "an activation must be read before its result is closed but "
              + name
              + " was not; read it first, or leave the result open: it frees itself");
    }
    float[] read = result.get(name).array();
    copies.put(name, read);
    return read;
  }

  /** Copies what has not been asked for, too, and frees native memory; again does nothing. */
  synchronized void settle() {
    if (result != null) {
      try {
        fetched.forEach(this::array);
      } finally {
        close();
      }
    }
  }

  /** Frees native memory: what has not been asked for is lost. Again does nothing. */
  @Override
  public synchronized void close() {
    if (result != null) {
      result.close();
      result = null;
      released.released();
    }
  }
}
