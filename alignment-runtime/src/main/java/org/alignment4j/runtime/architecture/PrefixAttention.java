package org.alignment4j.runtime.architecture;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.alignment4j.runtime.graph.Dim;
import org.alignment4j.runtime.graph.ElementType;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.Layers;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.graph.Value;
import org.jspecify.annotations.Nullable;

/**
 * Emits the attention of {@link AttentionKind#SHARED_PREFIX}: that of prefixes over themselves, and
 * that of continuations over the keys and values of their prefix followed by their own. Keys and
 * values of a prefix are copied to its continuations, which costs little beside the scores.
 */
final class PrefixAttention {

  private static final Dim PREFIXES = Dim.symbol("prefixes");
  private static final Dim PREFIX = Dim.symbol("prefix");
  private static final Dim CONTINUATIONS = Dim.symbol("continuations");
  private static final Dim CONTINUATION = Dim.symbol("continuation");
  private static final Dim WHOLE = Dim.symbol("whole");
  private static final Dim PREFIX_TOKENS = Dim.symbol("prefix_tokens");
  private static final Dim CONTINUATION_TOKENS = Dim.symbol("continuation_tokens");

  /** Queries, keys or values of prefixes and of continuations. */
  private record Parts(Value prefixes, Value continuations) {}

  private final Graph graph;
  private final Ops ops;
  private final Layers layers;
  private final DecoderConfig config;
  private final AttentionMasks ofPrefixes;
  private final AttentionMasks ofContinuations;
  private @Nullable Value owners;
  private @Nullable Value members;
  private @Nullable Value partSizes;
  private @Nullable Value keySizes;

  PrefixAttention(Ops ops, DecoderConfig config) {
    this.ops = ops;
    this.graph = ops.graph();
    this.layers = new Layers(ops);
    this.config = config;
    this.ofPrefixes = new AttentionMasks(ops, config);
    this.ofContinuations = new AttentionMasks(ops, config);
  }

  void declareInputs() {
    Dim one = Dim.of(1);
    owners = integers(GraphNames.OWNERS, CONTINUATIONS);
    members = graph.parameter(GraphNames.MEMBERS, Shape.of(PREFIXES, CONTINUATIONS), false);
    partSizes = integers(GraphNames.PART_SIZES, Dim.of(2));
    keySizes = integers(GraphNames.KEY_SIZES, Dim.of(2));
    Map<String, Value> positions = new HashMap<>();
    ofPrefixes.declareInputs(
        GraphNames.PREFIX_MASK,
        Shape.of(PREFIXES, one, PREFIX, PREFIX),
        () -> positions(positions, GraphNames.PREFIX_POSITIONS, PREFIXES, PREFIX),
        () -> positions(positions, GraphNames.PREFIX_POSITIONS, PREFIXES, PREFIX));
    ofContinuations.declareInputs(
        GraphNames.CONTINUATION_MASK,
        Shape.of(CONTINUATIONS, one, CONTINUATION, WHOLE),
        () -> positions(positions, GraphNames.CONTINUATION_POSITIONS, CONTINUATIONS, CONTINUATION),
        () -> positions(positions, GraphNames.KEY_POSITIONS, CONTINUATIONS, WHOLE));
  }

  private Value positions(Map<String, Value> declared, String name, Dim batch, Dim length) {
    return declared.computeIfAbsent(name, n -> integers(n, batch, length));
  }

  private Value integers(String name, Dim... dims) {
    return graph.input(name, ElementType.INT64, Shape.of(dims));
  }

  /**
   * The heads' outputs.
   *
   * @param heads {@code [1, heads, seq, headDim]} each
   * @return {@code [1, heads, seq, headDim]}
   */
  Value emit(int layer, Heads heads, double scale) {
    double cap = config.variations().scoreCap();
    Parts q = parts(heads.q(), config.groups());
    Parts k = parts(heads.k(), 1);
    Parts v = parts(heads.v(), 1);
    Value prefixes =
        layers.attention(
            q.prefixes(), k.prefixes(), v.prefixes(), ofPrefixes.headsFirst(layer), scale, cap);
    Value continuations =
        layers.attention(
            q.continuations(), whole(k), whole(v), ofContinuations.headsFirst(layer), scale, cap);
    Dim n = Dim.of(config.heads());
    Dim width = Dim.of(config.headDim());
    Value joined =
        ops.concatBy(
            1,
            Layout.SEQ,
            Objects.requireNonNull(partSizes),
            ops.reshape(prefixes, n, PREFIX_TOKENS, width),
            ops.reshape(continuations, n, CONTINUATION_TOKENS, width));
    return ops.reshape(joined, heads.q().shape());
  }

  /**
   * Parts {@code [1, heads, seq, headDim]} into {@code [heads, prefixes, prefix, headDim]} and
   * {@code [heads, continuations, continuation, headDim]}; where queries share keys, heads are
   * {@code kvHeads, group} on two axes.
   *
   * @param each queries of a group, or 1 of keys and values
   */
  private Parts parts(Value x, int each) {
    Dim width = Dim.of(config.headDim());
    Value rows = ops.reshape(x, x.dim(1), Layout.SEQ, width);
    List<Value> parts =
        ops.splitBy(rows, 1, Objects.requireNonNull(partSizes), PREFIX_TOKENS, CONTINUATION_TOKENS);
    return new Parts(
        ops.reshape(parts.get(0), shape(x, each, PREFIXES, PREFIX)),
        ops.reshape(parts.get(1), shape(x, each, CONTINUATIONS, CONTINUATION)));
  }

  private Shape shape(Value x, int each, Dim count, Dim length) {
    List<Dim> dims = new ArrayList<>();
    if (config.groups() > 1) {
      dims.add(Dim.of(config.kvHeads()));
      dims.add(Dim.of(each));
    } else {
      dims.add(x.dim(1));
    }
    dims.add(count);
    dims.add(length);
    dims.add(Dim.of(config.headDim()));
    return new Shape(dims);
  }

  /** What a continuation attends to: its prefix and itself. */
  private Value whole(Parts parts) {
    Value copies =
        ops.gatherMatrices(
            parts.prefixes(), Objects.requireNonNull(owners), Objects.requireNonNull(members));
    return ops.concatBy(-2, WHOLE, Objects.requireNonNull(keySizes), copies, parts.continuations());
  }
}
