package org.alignment4j.runtime.graph;

/** Collects gradients while the tape runs backwards. */
interface GradientSink {

  /** Whether the gradient of a value is of use; rules skip work for those that are not. */
  boolean needs(Value value);

  /** Adds to the gradient of a value; the shapes must be equal. */
  void add(Value value, Value gradient);

  /** Adds {@code rows[i]} to row {@code ids[i]} of a parameter's gradient. */
  void addRows(Value parameter, Value ids, Value rows);
}
