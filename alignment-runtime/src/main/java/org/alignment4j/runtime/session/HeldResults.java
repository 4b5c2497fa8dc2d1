package org.alignment4j.runtime.session;

import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The results that callers may still read, in the native memory they were written to. Bytes and
 * number are bounded: beyond either the oldest are copied to the heap, or freed if nobody can read
 * them any more. Callers who close theirs are spared both. Thread-safe.
 */
public final class HeldResults implements AutoCloseable {

  /** Results of small models are few bytes each; more of them would be walked over when closing. */
  static final int MOST = 64;

  /** One that holds native memory; it does not keep its reader from being collected. */
  private record Held(RunResult result, WeakReference<HeldResult> reader, long bytes) {

    /** Copies for the reader, if there still is one, and frees. */
    void settle() {
      HeldResult present = reader.get();
      if (present == null) {
        result.close();
      } else {
        present.settle();
      }
    }
  }

  private final long limit;
  private final Deque<Held> open = new ArrayDeque<>();
  private long bytes;

  /**
   * Holds nothing yet.
   *
   * @param limit how many bytes of native memory may be held
   */
  public HeldResults(long limit) {
    this.limit = limit;
  }

  /**
   * Takes a result over.
   *
   * @param result of a run, which this closes in time
   * @param fetched its outputs, all of them floats
   */
  public HeldResult hold(RunResult result, Set<String> fetched) {
    long size = 0;
    for (String name : fetched) {
      size += Float.BYTES * Arrays.stream(result.get(name).shape()).reduce(1, Math::multiplyExact);
    }
    HeldResult reader = new HeldResult(result, fetched);
    Held held = new Held(result, new WeakReference<>(reader), size);
    add(held, reader);
    for (Held oldest = excess(); oldest != null; oldest = excess()) {
      oldest.settle();
    }
    return reader;
  }

  private synchronized void add(Held held, HeldResult reader) {
    reader.onRelease(() -> remove(held));
    open.add(held);
    bytes += held.bytes;
  }

  private synchronized @Nullable Held excess() {
    if (bytes <= limit && open.size() <= MOST) {
      return null;
    }
    Held oldest = open.removeFirst();
    bytes -= oldest.bytes;
    return oldest;
  }

  private synchronized void remove(Held held) {
    if (open.removeIf(other -> other == held)) {
      bytes -= held.bytes;
    }
  }

  /** How many results are held. */
  synchronized int count() {
    return open.size();
  }

  /** How many bytes of native memory are held. */
  synchronized long bytes() {
    return bytes;
  }

  /** Copies to the heap what can still be read, and frees the native memory. */
  @Override
  public void close() {
    List<Held> all;
    synchronized (this) {
      all = new ArrayList<>(open);
      open.clear();
      bytes = 0;
    }
    all.forEach(Held::settle);
  }
}
