package org.alignment4j.runtime.architecture;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.alignment4j.runtime.architecture.DecoderConfig.AlibiPositions;
import org.alignment4j.runtime.graph.Dim;
import org.alignment4j.runtime.graph.ElementType;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.Layers;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.graph.Value;
import org.jspecify.annotations.Nullable;

/**
 * What each block adds to its attention scores: the run's mask, narrowed to the block's window, and
 * linear biases. Distances between query and key are differences of positions, so that padding,
 * packed rows and shared prompts need nothing of their own.
 */
final class AttentionMasks {

  private final Graph graph;
  private final Ops ops;
  private final Layers layers;
  private final DecoderConfig config;
  private final Map<Integer, Value> byWindow = new HashMap<>();
  private @Nullable Value mask;
  private @Nullable Value positions;
  private @Nullable Value keyPositions;
  private @Nullable Value biases;

  AttentionMasks(Ops ops, DecoderConfig config) {
    this.ops = ops;
    this.graph = ops.graph();
    this.layers = new Layers(ops);
    this.config = config;
  }

  /** Whether a decoder's scores depend on distances. */
  static boolean needDistances(DecoderConfig config) {
    return config.positions() instanceof AlibiPositions || config.variations().windowed();
  }

  /**
   * Declares the inputs.
   *
   * @param queryPositions of this run's tokens, {@code [batch, seq]}
   * @param cached whether keys of earlier runs precede them
   */
  void declareInputs(Value queryPositions, boolean cached) {
    Dim keys = cached ? Layout.KEYS : Layout.SEQ;
    Shape shape = Shape.of(Layout.BATCH, Dim.of(1), Layout.SEQ, keys);
    mask = graph.parameter(GraphNames.MASK, shape, false);
    positions = queryPositions;
    if (needDistances(config)) {
      keyPositions =
          cached
              ? graph.input(
                  GraphNames.KEY_POSITIONS, ElementType.INT64, Shape.of(Layout.BATCH, keys))
              : queryPositions;
      if (config.positions() instanceof AlibiPositions) {
        biases = biases(queryPositions, keyPositions);
      }
    }
  }

  /** {@code [batch, 1, seq, keys]}, or {@code [batch, heads, seq, keys]} with linear biases. */
  Value of(int layer) {
    return byWindow.computeIfAbsent(config.variations().window(layer), this::emit);
  }

  private Value emit(int window) {
    Value whole = Objects.requireNonNull(mask);
    Value narrowed =
        window == 0
            ? whole
            : layers.windowed(
                whole,
                Objects.requireNonNull(positions),
                Objects.requireNonNull(keyPositions),
                window);
    return biases == null ? narrowed : ops.add(narrowed, biases);
  }

  /** Each head's slope times the distance, {@code [batch, heads, seq, keys]}. */
  private Value biases(Value queryPositions, Value keyPositions) {
    Dim keys = keyPositions.dim(1);
    Value key =
        ops.reshape(ops.real(keyPositions), Shape.of(Layout.BATCH, Dim.of(1), Dim.of(1), keys));
    Value query =
        ops.reshape(
            ops.real(queryPositions), Shape.of(Layout.BATCH, Dim.of(1), Layout.SEQ, Dim.of(1)));
    Value slopes =
        ops.reshape(
            ops.vector(AlibiPositions.slopes(config.heads())), Shape.of(config.heads(), 1, 1));
    return ops.mul(slopes, ops.sub(key, query));
  }
}
