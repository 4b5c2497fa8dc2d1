package org.alignment4j.runtime.architecture;

import org.alignment4j.runtime.graph.Dim;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.graph.Value;

/** The dimensions of a decoder graph, and views between its flat and its hook-point layouts. */
final class Layout {

  static final Dim BATCH = Dim.symbol("batch");
  static final Dim SEQ = Dim.symbol("seq");
  static final Dim KEYS = Dim.symbol("keys");
  static final Dim PAST = Dim.symbol("past");
  static final Dim FLAT = Dim.symbol("flat");
  static final Dim ROWS = Dim.symbol("rows");

  private final Ops ops;
  private final Tap tap;
  private final DecoderConfig config;

  Layout(Ops ops, Tap tap, DecoderConfig config) {
    this.ops = ops;
    this.tap = tap;
    this.config = config;
  }

  /** Any layout of {@code [batch, seq, …]} with {@code width} trailing elements, as a matrix. */
  Value flat(Value x, long width) {
    return ops.reshape(x, FLAT, Dim.of(width));
  }

  /** Taps {@code [batch·seq, dModel]} as {@code [batch, seq, dModel]}. */
  Value tapResidual(String hook, Value x) {
    return tapWide(hook, x, config.hiddenSize());
  }

  /** Taps {@code [batch·seq, width]} as {@code [batch, seq, width]}. */
  Value tapWide(String hook, Value x, long width) {
    if (!tap.wants(hook)) {
      return x;
    }
    Value seen = tap.at(hook, ops.reshape(x, Shape.of(BATCH, SEQ, Dim.of(width))));
    return tap.edits(hook) ? ops.reshape(seen, x.shape()) : x;
  }

  /** Taps {@code [batch, heads, seq, width]} as {@code [batch, seq, heads, width]}. */
  Value tapHeads(String hook, Value x) {
    if (!tap.wants(hook)) {
      return x;
    }
    Value seen = tap.at(hook, ops.transpose(x, 0, 2, 1, 3));
    return tap.edits(hook) ? ops.transpose(seen, 0, 2, 1, 3) : x;
  }
}
