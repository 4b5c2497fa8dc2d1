package org.alignment4j.runtime.architecture;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.alignment4j.runtime.architecture.DecoderConfig.AlibiPositions;
import org.alignment4j.runtime.graph.Dim;
import org.alignment4j.runtime.graph.ElementType;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.graph.Value;
import org.jspecify.annotations.Nullable;

/**
 * What each block adds to its attention scores: the run's mask, and what depends on the distance
 * between query and key. Distances are differences of positions, so that padding, packed rows and
 * shared prompts need nothing of their own.
 */
final class AttentionMasks {

  private static final double MASKED = -1e9;

  private final Graph graph;
  private final Ops ops;
  private final DecoderConfig config;
  private final Map<Integer, Value> byWindow = new HashMap<>();
  private @Nullable Value mask;
  private @Nullable Value distance;

  AttentionMasks(Ops ops, DecoderConfig config) {
    this.ops = ops;
    this.graph = ops.graph();
    this.config = config;
  }

  /** Whether a decoder's scores depend on distances. */
  static boolean needDistances(DecoderConfig config) {
    return config.positions() instanceof AlibiPositions || !config.options().windows().isEmpty();
  }

  /**
   * Declares the inputs.
   *
   * @param positions of this run's tokens, {@code [batch, seq]}
   * @param cached whether keys of earlier runs precede them
   */
  void declareInputs(Value positions, boolean cached) {
    Dim keys = cached ? Layout.KEYS : Layout.SEQ;
    Shape shape = Shape.of(Layout.BATCH, Dim.of(1), Layout.SEQ, keys);
    mask = graph.parameter(GraphNames.MASK, shape, false);
    if (needDistances(config)) {
      Value keyPositions =
          cached
              ? graph.input(
                  GraphNames.KEY_POSITIONS, ElementType.INT64, Shape.of(Layout.BATCH, keys))
              : positions;
      Value key =
          ops.reshape(ops.real(keyPositions), Shape.of(Layout.BATCH, Dim.of(1), Dim.of(1), keys));
      Value query =
          ops.reshape(
              ops.real(positions), Shape.of(Layout.BATCH, Dim.of(1), Layout.SEQ, Dim.of(1)));
      distance = ops.sub(key, query);
    }
  }

  /** {@code [batch, 1, seq, keys]}, or {@code [batch, heads, seq, keys]} with linear biases. */
  Value of(int layer) {
    return byWindow.computeIfAbsent(config.window(layer), this::emit);
  }

  private Value emit(int window) {
    Value sum = Objects.requireNonNull(mask);
    if (window > 0) {
      Value far =
          ops.where(
              ops.lessOrEqual(Objects.requireNonNull(distance), ops.constant(-window)),
              ops.constant(MASKED),
              ops.constant(0));
      sum = ops.add(sum, far);
    }
    if (config.positions() instanceof AlibiPositions) {
      Value slopes =
          ops.reshape(
              ops.vector(AlibiPositions.slopes(config.heads())), Shape.of(config.heads(), 1, 1));
      sum = ops.add(sum, ops.mul(slopes, Objects.requireNonNull(distance)));
    }
    return sum;
  }
}
