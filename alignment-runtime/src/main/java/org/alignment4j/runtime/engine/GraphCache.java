package org.alignment4j.runtime.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.alignment4j.runtime.session.CompiledGraph;
import org.jspecify.annotations.Nullable;

/**
 * Compiled graphs by the structure they are of. Those of structures that are few stay until the
 * cache is closed. Of those that are leased, as many as the bound stay, the most recently used
 * ones; one in use is not freed before its last lease ends. Each is compiled once however many
 * threads ask for it, and different ones at the same time. Thread-safe.
 */
final class GraphCache {

  private final int bound;
  private final Map<Object, Slot> lasting = new HashMap<>();
  private final Map<Object, Slot> leased = new LinkedHashMap<>(16, 0.75f, true);
  private final AtomicInteger open = new AtomicInteger();
  private boolean closed;

  /** The place of one graph, which is compiled by the first who needs it. */
  private final class Slot {
    private final Object key;
    private @Nullable CompiledGraph graph;

    /** Leases under way; guarded by the cache. */
    private int leases;

    Slot(Object key) {
      this.key = key;
    }

    synchronized CompiledGraph compiled(Supplier<CompiledGraph> compile) {
      if (graph == null) {
        graph = compile.get();
        open.incrementAndGet();
      }
      return graph;
    }

    synchronized void free() {
      if (graph != null) {
        CompiledGraph old = graph;
        graph = null;
        open.decrementAndGet();
        old.close();
      }
    }
  }

  /**
   * An empty cache.
   *
   * @param bound how many leased graphs stay when none is in use
   */
  GraphCache(int bound) {
    this.bound = bound;
  }

  /**
   * A graph that stays open until the cache is closed.
   *
   * @param key a value equal for equal structures
   * @throws IllegalStateException if the cache is closed
   */
  CompiledGraph graph(Object key, Supplier<CompiledGraph> compile) {
    Slot slot;
    synchronized (this) {
      requireOpen();
      slot = lasting.computeIfAbsent(key, Slot::new);
    }
    return slot.compiled(compile);
  }

  /**
   * A graph that stays open until its lease ends, and after that as long as it is among the most
   * recently used.
   *
   * @param key a value equal for equal structures
   * @throws IllegalStateException if the cache is closed
   */
  GraphLease lease(Object key, Supplier<CompiledGraph> compile) {
    Slot slot;
    List<Slot> surplus;
    synchronized (this) {
      requireOpen();
      slot = leased.computeIfAbsent(key, Slot::new);
      slot.leases++;
      surplus = removeSurplus();
    }
    try {
      free(surplus);
      return new GraphLease(slot.compiled(compile), () -> end(slot));
    } catch (RuntimeException | Error e) {
      end(slot);
      throw e;
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the model is closed; load it again");
    }
  }

  private void end(Slot slot) {
    List<Slot> surplus;
    synchronized (this) {
      slot.leases--;
      if (closed) {
        surplus = slot.leases == 0 ? List.of(slot) : List.of();
      } else {
        surplus = removeSurplus();
      }
    }
    free(surplus);
  }

  /** Takes out the least recently used that are not in use, down to the bound. */
  private List<Slot> removeSurplus() {
    List<Slot> surplus = new ArrayList<>();
    Iterator<Slot> oldest = leased.values().iterator();
    while (leased.size() > bound && oldest.hasNext()) {
      Slot slot = oldest.next();
      if (slot.leases == 0) {
        oldest.remove();
        surplus.add(slot);
      }
    }
    return surplus;
  }

  private static void free(List<Slot> slots) {
    Releases.all(slots.stream().<Runnable>map(slot -> slot::free).toList());
  }

  /** How many compiled graphs are open. */
  int open() {
    return open.get();
  }

  /**
   * Frees every graph, those in use when their last lease ends; again does nothing.
   *
   * @throws org.alignment4j.api.ModelExecutionException if ONNX Runtime fails, after all were tried
   */
  void close() {
    List<Slot> all;
    synchronized (this) {
      closed = true;
      all = new ArrayList<>(lasting.values());
      leased.values().stream().filter(slot -> slot.leases == 0).forEach(all::add);
      lasting.clear();
      leased.clear();
    }
    free(all);
  }
}
