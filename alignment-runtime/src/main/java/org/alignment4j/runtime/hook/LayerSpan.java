package org.alignment4j.runtime.hook;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.alignment4j.api.hook.HookKind;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.HookPointSet;
import org.alignment4j.api.hook.Values;
import org.alignment4j.runtime.architecture.DecoderConfig;
import org.alignment4j.runtime.architecture.DecoderGraph;
import org.alignment4j.runtime.architecture.GraphNames;
import org.alignment4j.runtime.engine.TokenBatch;
import org.alignment4j.runtime.graph.Value;
import org.alignment4j.runtime.session.OrtRuntime;
import org.alignment4j.runtime.session.OwnedTensors;
import org.alignment4j.runtime.session.Tensor;

/**
 * Which layers a forward run computes.
 *
 * @param start where it begins; empty with the tokens
 * @param stop the first layer that is not computed; empty for a whole run
 */
record LayerSpan(Optional<Start> start, OptionalInt stop) {

  /** Every layer. */
  static final LayerSpan WHOLE = new LayerSpan(Optional.empty(), OptionalInt.empty());

  /**
   * A run's beginning.
   *
   * @param layer the first layer that is computed
   * @param stream what it reads, {@code [batch, position, dModel]}
   */
  record Start(int layer, Values stream) {}

  /** Spans of equal structure are computed by equal graphs. */
  record Structure(OptionalInt first, OptionalInt stop) {}

  /**
   * This span from a layer on.
   *
   * @param rows sequences of the run
   * @param columns the longest one's tokens
   * @throws IllegalArgumentException when there is no such layer, the run stops before it, or the
   *     stream does not fit
   */
  LayerSpan from(int layer, Values stream, DecoderConfig config, int rows, int columns) {
    requireLayer(layer, config.layers());
    if (stop.isPresent() && stop.getAsInt() <= layer) {
      throw new IllegalArgumentException(
          "a run must start before the layer at which it stops, "
              + stop.getAsInt()
              + ", but was to start at "
              + layer);
    }
    int[] shape = {rows, columns, config.hiddenSize()};
    if (!Arrays.equals(shape, stream.shape())) {
      throw new IllegalArgumentException(
          "the stream before layer "
              + layer
              + " must have the shape "
              + Arrays.toString(shape)
              + " of this run but was "
              + stream
              + "; keep "
              + HookKind.RESID_PRE.point(layer)
              + " of a run of the same sequences");
    }
    return new LayerSpan(Optional.of(new Start(layer, stream)), stop);
  }

  /**
   * This span up to a layer.
   *
   * @throws IllegalArgumentException when there is no such layer, or the run starts at it or later
   */
  LayerSpan until(int layer, int layers) {
    requireLayer(layer, layers);
    if (start.isPresent() && layer <= start.get().layer()) {
      throw new IllegalArgumentException(
          "a run must stop after the layer at which it starts, "
              + start.get().layer()
              + ", but was to stop at "
              + layer);
    }
    return new LayerSpan(start, OptionalInt.of(layer));
  }

  private static void requireLayer(int layer, int layers) {
    if (layer < 0 || layer >= layers) {
      throw new IllegalArgumentException(
          "layer must be in [0, " + (layers - 1) + "] but was " + layer);
    }
  }

  /** Whether the run comes by a point. */
  boolean computed(HookPoint<?> point) {
    boolean embedding = point.kind() == HookKind.EMBED || point.kind() == HookKind.POS_EMBED;
    boolean perLayer = point.kind().perLayer();
    boolean started =
        start.isEmpty() || (perLayer ? point.layer() >= start.get().layer() : !embedding);
    boolean before = stop.isEmpty() || (perLayer ? point.layer() < stop.getAsInt() : embedding);
    return started && before;
  }

  /**
   * Checks that the run comes by points named for certain layers.
   *
   * @throws IllegalArgumentException when it does not
   */
  void requireComputed(HookPointSet<?> set, List<? extends HookPoint<?>> points) {
    for (HookPoint<?> point : points) {
      if (set.ofAllLayers() || computed(point)) {
        continue;
      }
      boolean late = new LayerSpan(start, OptionalInt.empty()).computed(point);
      throw new IllegalArgumentException(
          late
              ? "hook points to keep must come before the layer at which the run stops but "
                  + point
                  + " is at or after layer "
                  + stop.orElseThrow()
              : "hook points to keep must not come before the layer at which the run starts but "
                  + point
                  + " is before layer "
                  + start.orElseThrow().layer());
    }
  }

  Structure structure() {
    return new Structure(
        start.isPresent() ? OptionalInt.of(start.get().layer()) : OptionalInt.empty(), stop);
  }

  /** Emits the layers and gives the stream after them. */
  static Value emit(Structure span, DecoderGraph decoder, int layers) {
    int end = span.stop().orElse(layers);
    return span.first().isPresent()
        ? decoder.residualBetween(span.first().getAsInt(), end)
        : decoder.residualAfter(end);
  }

  /** Adds what the first layer reads where that is given. */
  void put(OrtRuntime runtime, TokenBatch batch, OwnedTensors inputs) {
    if (start.isPresent()) {
      float[] stream = start.get().stream().toArray();
      int size = stream.length / (batch.batch() * batch.seq());
      inputs.put(
          GraphNames.STREAM, Tensor.copyOf(runtime, stream, batch.batch(), batch.seq(), size));
    }
  }
}
