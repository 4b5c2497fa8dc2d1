package org.alignment4j.runtime.architecture;

import java.util.ArrayList;
import java.util.List;
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
 * Emits the attention of {@link AttentionKind#AFTER_PREFIX}. Scores against the prefix are one
 * matrix product for the queries of all rows, those against a row's own tokens one for each row;
 * both are normalised together.
 */
final class CachedPrefixAttention {

  private static final Dim ONE = Dim.of(1);
  private static final Dim ROWS = Dim.symbol("continuations");
  private static final Dim OWN = Dim.symbol("continuation");
  private static final Dim PREFIX = Dim.symbol("prefix");
  private static final Dim WHOLE = Dim.symbol("whole");

  private final Graph graph;
  private final Ops ops;
  private final Layers layers;
  private final DecoderConfig config;
  private final AttentionMasks ofOwn;
  private final AttentionMasks ofPrefix;
  private @Nullable Value keySizes;

  CachedPrefixAttention(Ops ops, DecoderConfig config) {
    this.ops = ops;
    this.graph = ops.graph();
    this.layers = new Layers(ops);
    this.config = config;
    this.ofOwn = new AttentionMasks(ops, config);
    this.ofPrefix = new AttentionMasks(ops, config);
  }

  /**
   * Declares the inputs.
   *
   * @param positions of all queries, {@code [1, seq]}
   */
  void declareInputs(Value positions) {
    keySizes = graph.input(GraphNames.KEY_SIZES, ElementType.INT64, Shape.of(2));
    List<Value> own = new ArrayList<>();
    if (AttentionMasks.needDistances(config)) {
      own.add(
          graph.input(GraphNames.CONTINUATION_POSITIONS, ElementType.INT64, Shape.of(ROWS, OWN)));
    }
    ofOwn.declareInputs(
        GraphNames.MASK, Shape.of(ROWS, ONE, OWN, OWN), () -> own.get(0), () -> own.get(0));
    ofPrefix.declareUnmasked(
        () -> positions,
        () -> graph.input(GraphNames.PREFIX_POSITIONS, ElementType.INT64, Shape.of(ONE, PREFIX)));
  }

  /**
   * The heads' outputs.
   *
   * @param heads {@code [1, heads, seq, headDim]} each
   * @return {@code [1, heads, seq, headDim]}
   */
  Value emit(int layer, Heads heads, double scale) {
    Dim width = Dim.of(config.headDim());
    Value keys = past(GraphNames.pastKey(layer));
    Value values = past(GraphNames.pastValue(layer));
    Value q = heads.q();
    Value rows = ops.reshape(q, byRow(config.groups(), width));
    Value k = ops.reshape(heads.k(), byRow(1, width));
    Value v = ops.reshape(heads.v(), byRow(1, width));
    double cap = config.variations().scoreCap();

    Value all = ops.reshape(q, together(config.groups(), Layout.SEQ, width));
    Value before = layers.softCap(ops.matMul(all, false, keys, true, scale), cap);
    before = ops.reshape(withDistances(layer, before), byRow(config.groups(), PREFIX));
    Value own = layers.softCap(ops.matMul(rows, false, k, true, scale), cap);
    own = ops.add(own, ofOwn.headsFirst(layer));
    Value sizes = Objects.requireNonNull(keySizes);
    Value pattern = ops.softmax(ops.concatBy(-1, WHOLE, sizes, before, own));
    List<Value> parts = ops.splitBy(pattern, -1, sizes, PREFIX, OWN);
    Value ofPrefixes =
        ops.matMul(
            ops.reshape(parts.get(0), together(config.groups(), Layout.SEQ, PREFIX)), values);
    Value sum = ops.add(ops.reshape(ofPrefixes, rows.shape()), ops.matMul(parts.get(1), v));
    return ops.reshape(sum, q.shape());
  }

  /** Keys or values of the prefix. */
  private Value past(String name) {
    Dim kv = Dim.of(config.kvHeads());
    Dim width = Dim.of(config.headDim());
    return ops.reshape(
        graph.parameter(name, Shape.of(ONE, kv, PREFIX, width), false), together(1, PREFIX, width));
  }

  /** Scores against the prefix with what distances add to them or hide. */
  private Value withDistances(int layer, Value scores) {
    boolean windowed = config.variations().window(layer) != 0;
    if (!windowed && !(config.positions() instanceof AlibiPositions)) {
      return scores;
    }
    Value added = ofPrefix.of(layer);
    if (config.groups() > 1) {
      boolean perHead = !added.dim(1).isOne();
      Dim kv = perHead ? Dim.of(config.kvHeads()) : ONE;
      Dim each = perHead ? Dim.of(config.groups()) : ONE;
      return ops.add(scores, ops.reshape(added, Shape.of(kv, each, Layout.SEQ, PREFIX)));
    }
    return ops.add(scores, ops.reshape(added, Shape.of(added.dim(1), Layout.SEQ, PREFIX)));
  }

  /**
   * All rows as one: {@code [heads, length, width]}, where queries share keys {@code [kvHeads,
   * each, length, width]}.
   *
   * @param each queries of a group, or 1 of keys and values
   */
  private Shape together(int each, Dim length, Dim width) {
    Dim kv = Dim.of(config.kvHeads());
    return config.groups() > 1
        ? Shape.of(kv, Dim.of(each), length, width)
        : Shape.of(kv, length, width);
  }

  /**
   * Each row by itself: {@code [heads, rows, own, width]}, where queries share keys {@code
   * [kvHeads, each, rows, own, width]}.
   *
   * @param each queries of a group, or 1 of keys and values
   */
  private Shape byRow(int each, Dim width) {
    return config.groups() > 1
        ? Shape.of(Dim.of(config.kvHeads()), Dim.of(each), ROWS, OWN, width)
        : Shape.of(Dim.of(config.kvHeads()), ROWS, OWN, width);
  }
}
