package org.alignment4j.runtime.architecture;

import org.alignment4j.runtime.graph.Value;

/**
 * Sees the named values of a forward pass while its graph is emitted, and may put others in their
 * place.
 */
public interface Tap {

  /** Whether this tap reads or edits a hook point; others cost nothing. */
  boolean wants(String hook);

  /**
   * Whether this tap may change a hook point's value. Where it only reads, what it returns is not
   * used, and a graph may keep a cheaper form of the computation.
   */
  default boolean edits(String hook) {
    return wants(hook);
  }

  /**
   * Called once for each wanted hook point the model has, in firing order.
   *
   * @param hook TransformerLens name
   * @param value in TransformerLens layout
   * @return the value the rest of the graph uses; the same shape
   */
  Value at(String hook, Value value);

  /** A tap that wants nothing. */
  static Tap none() {
    return new Tap() {
      @Override
      public boolean wants(String hook) {
        return false;
      }

      @Override
      public Value at(String hook, Value value) {
        return value;
      }
    };
  }
}
