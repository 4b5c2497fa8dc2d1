package org.alignment4j.runtime.hook;

/** How an edit appears in a graph: which nodes it adds around its mask and value. */
enum Form {
  /** {@code where(mask, value, x)}: zero, replace, patch. */
  SET,
  /** {@code where(mask, x * value, x)}. */
  SCALE,
  /** {@code where(mask, x + value, x)}. */
  ADD,
  /** {@code where(mask, x - (x . value) value, x)}. */
  PROJECT,
  /** {@code where(mask, x·matrix + value, x)}. */
  AFFINE,
  /** {@code where(mask, x + (x - value)·down·up, x)}. */
  LOW_RANK,
  /** As {@link #SET}, after the present value has left the graph and a function has run. */
  CUSTOM
}
