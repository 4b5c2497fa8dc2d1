package org.alignment4j.runtime.architecture;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
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
  private final Map<String, Value> headsFirst = new HashMap<>();
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
    declareDistances(queries, keys);
  }

  /**
   * Declares the inputs where nothing is hidden from any query but by distance.
   *
   * @param queries positions of the queries, {@code [batch, seq]}
   * @param keys positions of the keys, {@code [batch, keys]}
   */
  void declareUnmasked(Supplier<Value> queries, Supplier<Value> keys) {
    if (needDistances(config)) {
      mask = ops.reshape(ops.constant(0), Shape.of(1, 1, 1, 1));
    }
    declareDistances(queries, keys);
  }

  private void declareDistances(Supplier<Value> queries, Supplier<Value> keys) {
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

  /**
   * {@link #of} with the axis of heads before that of rows: {@code [1 | heads, batch, seq, keys]},
   * where queries share keys {@code [1 | kvHeads, 1 | group, batch, seq, keys]}.
   */
  Value headsFirst(int layer) {
    return headsFirst.computeIfAbsent(of(layer).name(), name -> headsFirst(of(layer)));
  }

  private Value headsFirst(Value whole) {
    boolean perHead = !whole.dim(1).isOne();
    List<Dim> dims = new ArrayList<>();
    if (config.groups() > 1) {
      dims.add(Dim.of(perHead ? config.kvHeads() : 1));
      dims.add(Dim.of(perHead ? config.groups() : 1));
    } else {
      dims.add(whole.dim(1));
    }
    dims.add(whole.dim(0));
    dims.add(whole.dim(2));
    dims.add(whole.dim(3));
    Value first = perHead ? ops.transpose(whole, 1, 0, 2, 3) : whole;
    return ops.reshape(first, new Shape(dims));
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
