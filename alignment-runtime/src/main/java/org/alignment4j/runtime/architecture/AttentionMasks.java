package org.alignment4j.runtime.architecture;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.alignment4j.runtime.architecture.DecoderConfig.AlibiPositions;
import org.alignment4j.runtime.graph.Dim;
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
   * Declares the inputs; positions only where scores depend on distances.
   *
   * @param name of the mask
   * @param shape of the mask, {@code [batch, 1, seq, keys]}
   * @param queries positions of the queries, {@code [batch, seq]}
   * @param keys positions of the keys, {@code [batch, keys]}
   */
  void declareInputs(String name, Shape shape, Supplier<Value> queries, Supplier<Value> keys) {
    mask = graph.parameter(name, shape, false);
    if (needDistances(config)) {
      positions = queries.get();
      keyPositions = keys.get();
      if (config.positions() instanceof AlibiPositions) {
        biases = biases(positions, keyPositions);
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
    Value key =
        ops.reshape(
            ops.real(keyPositions), keyPositions.dim(0), Dim.of(1), Dim.of(1), keyPositions.dim(1));
    Value query =
        ops.reshape(
            ops.real(queryPositions),
            queryPositions.dim(0),
            Dim.of(1),
            queryPositions.dim(1),
            Dim.of(1));
    Value slopes =
        ops.reshape(
            ops.vector(AlibiPositions.slopes(config.heads())), Shape.of(config.heads(), 1, 1));
    return ops.mul(slopes, ops.sub(key, query));
  }
}
