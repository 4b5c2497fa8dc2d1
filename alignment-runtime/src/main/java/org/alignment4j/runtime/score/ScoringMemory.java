package org.alignment4j.runtime.score;

import java.lang.ref.WeakReference;
import java.nio.FloatBuffer;
import java.util.concurrent.atomic.AtomicReference;
import org.alignment4j.runtime.session.NativeMemory;
import org.jspecify.annotations.Nullable;

/**
 * Native memory that one call of a model leaves to the next, until it is collected: memory that the
 * system gives anew costs more to touch than the log-probabilities in it to compare. Thread-safe;
 * of calls at the same time one gets it.
 */
public final class ScoringMemory {

  private final AtomicReference<@Nullable WeakReference<FloatBuffer>> left =
      new AtomicReference<>();

  /** Memory for at least so many floats, whose content is arbitrary. */
  FloatBuffer take(long size) {
    WeakReference<FloatBuffer> reference = left.getAndSet(null);
    FloatBuffer buffer = reference == null ? null : reference.get();
    return buffer != null && buffer.capacity() >= size ? buffer : NativeMemory.floats(size);
  }

  /** Leaves memory that nobody reads or writes any more. */
  void leave(FloatBuffer buffer) {
    left.set(new WeakReference<>(buffer));
  }
}
