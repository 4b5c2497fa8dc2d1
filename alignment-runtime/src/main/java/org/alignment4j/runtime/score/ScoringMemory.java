package org.alignment4j.runtime.score;

import java.lang.ref.WeakReference;
import java.nio.FloatBuffer;
import java.util.concurrent.atomic.AtomicReference;
import org.alignment4j.runtime.session.NativeMemory;
import org.jspecify.annotations.Nullable;

/**
 * What one call of a model leaves to the next. Native memory, until it is collected: memory that
 * the system gives anew costs more to touch than the log-probabilities in it to compare; of calls
 * at the same time one gets it. And the keys and values of the last prefix that prompts shared,
 * such as the examples before every question of an evaluation. Thread-safe.
 */
public final class ScoringMemory {

  private final AtomicReference<@Nullable WeakReference<FloatBuffer>> left =
      new AtomicReference<>();

  /** Most bytes of a prefix that stay until there is another one; longer ones may be collected. */
  private static final long LASTING = 128L << 20;

  private volatile @Nullable PrefixKeys lasting;
  private volatile WeakReference<PrefixKeys> last = new WeakReference<>(null);

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

  /** The last prefix, or null. */
  @Nullable PrefixKeys prefix() {
    PrefixKeys kept = lasting;
    return kept == null ? last.get() : kept;
  }

  /** Leaves a prefix. */
  void leave(PrefixKeys keys) {
    lasting = keys.bytes() <= LASTING ? keys : null;
    last = new WeakReference<>(keys);
  }
}
