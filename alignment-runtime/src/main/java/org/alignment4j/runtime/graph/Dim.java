package org.alignment4j.runtime.graph;

/**
 * One dimension of a {@link Shape}: a size known when the graph is built, or a symbol whose size is
 * known when it runs. Two different symbols never broadcast against each other. Immutable and
 * thread-safe.
 */
public sealed interface Dim {

  /**
   * A known size.
   *
   * @param size at least 0
   */
  record Fixed(long size) implements Dim {
    public Fixed {
      if (size < 0) {
        throw new IllegalArgumentException("size must not be negative but was " + size);
      }
    }

    @Override
    public String toString() {
      return Long.toString(size);
    }
  }

  /**
   * A size that is known only when the graph runs.
   *
   * @param name equal names mean equal sizes within one graph
   */
  record Symbol(String name) implements Dim {
    @Override
    public String toString() {
      return name;
    }
  }

  /**
   * A known size.
   *
   * @throws IllegalArgumentException if it is negative
   */
  static Dim of(long size) {
    return new Fixed(size);
  }

  /** A symbolic size. */
  static Dim symbol(String name) {
    return new Symbol(name);
  }

  /** Whether this is the known size 1, which broadcasts. */
  default boolean isOne() {
    return this instanceof Fixed f && f.size() == 1;
  }
}
