package org.alignment4j.runtime.architecture;

import java.util.List;
import java.util.Objects;
import org.alignment4j.runtime.architecture.DecoderConfig.AlibiPositions;
import org.alignment4j.runtime.architecture.DecoderConfig.QkvArrangement;
import org.alignment4j.runtime.architecture.DecoderConfig.RotaryPositions;
import org.alignment4j.runtime.architecture.ParameterNames.Part;
import org.alignment4j.runtime.graph.Dim;
import org.alignment4j.runtime.graph.ElementType;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.Layers;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.graph.Value;
import org.jspecify.annotations.Nullable;

/** Emits attention: projections, rotary positions, the cache, heads and output. */
final class AttentionBlock {

  private static final String SCORES = "hook_attn_scores";
  private static final String PATTERN = "hook_pattern";

  private final Graph graph;
  private final Ops ops;
  private final Layers layers;
  private final DecoderConfig config;
  private final ParameterNames names;
  private final AttentionKind kind;
  private final Parameters parameters;
  private final Layout layout;
  private final Tap tap;
  private final HeadInputs headInputs;
  private final AttentionMasks masks;
  private final PrefixAttention prefixes;
  private final CachedPrefixAttention afterPrefix;
  private @Nullable Value positions;
  private @Nullable Value indices;
  private @Nullable Value cos;
  private @Nullable Value sin;
  private @Nullable Value lastKey;
  private @Nullable Value totalLength;

  AttentionBlock(
      Ops ops,
      Architecture architecture,
      AttentionKind kind,
      Parameters parameters,
      Layout layout,
      Tap tap) {
    this.ops = ops;
    this.graph = ops.graph();
    this.layers = new Layers(ops);
    this.config = architecture.config();
    this.names = architecture.names();
    this.kind = kind;
    this.parameters = parameters;
    this.layout = layout;
    this.tap = tap;
    this.headInputs = new HeadInputs(ops, architecture, parameters, tap);
    this.masks = new AttentionMasks(ops, config);
    this.prefixes = new PrefixAttention(ops, config);
    this.afterPrefix = new CachedPrefixAttention(ops, config);
    if (kind == AttentionKind.GROUPED_QUERY && config.positions() instanceof AlibiPositions) {
      throw new IllegalArgumentException(
          "kind must be CACHED for linear biases, which the grouped-query kernel does not have");
    }
    if ((kind == AttentionKind.SHARED_PREFIX || kind == AttentionKind.AFTER_PREFIX)
        && (tap.wants(hook(0, SCORES)) || tap.wants(hook(0, PATTERN)))) {
      throw new IllegalArgumentException(
          "kind must be MASKED for what reads or changes attention scores or patterns, as dropout"
              + " of attention does");
    }
  }

  void declareInputs() {
    positions =
        graph.input(GraphNames.POSITIONS, ElementType.INT64, Shape.of(Layout.BATCH, Layout.SEQ));
    if (config.positions() instanceof RotaryPositions rotary) {
      Shape table = Shape.of(Dim.symbol("rope_rows"), Dim.of(rotary.rotaryDim() / 2));
      indices =
          rotary.scaling().trainedLength().isPresent()
              ? graph.input(
                  GraphNames.ROPE_INDICES, ElementType.INT64, Shape.of(Layout.BATCH, Layout.SEQ))
              : positions;
      cos = graph.parameter(GraphNames.ROPE_COS, table, false);
      sin = graph.parameter(GraphNames.ROPE_SIN, table, false);
    }
    if (kind == AttentionKind.GROUPED_QUERY) {
      lastKey = graph.input(GraphNames.LAST_KEY, ElementType.INT32, Shape.of(Layout.BATCH));
      totalLength = graph.input(GraphNames.TOTAL_LENGTH, ElementType.INT32, Shape.scalar());
    } else if (kind == AttentionKind.SHARED_PREFIX) {
      prefixes.declareInputs();
    } else if (kind == AttentionKind.AFTER_PREFIX) {
      afterPrefix.declareInputs(Objects.requireNonNull(positions));
    } else {
      declareMask(Objects.requireNonNull(positions));
    }
  }

  private void declareMask(Value queries) {
    boolean cached = kind == AttentionKind.CACHED;
    masks.declareInputs(
        GraphNames.MASK,
        Shape.of(Layout.BATCH, Dim.of(1), Layout.SEQ, keys()),
        () -> queries,
        () ->
            cached
                ? graph.input(
                    GraphNames.KEY_POSITIONS, ElementType.INT64, Shape.of(Layout.BATCH, keys()))
                : queries);
  }

  private Dim keys() {
    return kind == AttentionKind.CACHED ? Layout.KEYS : Layout.SEQ;
  }

  /** Absolute positions, {@code [batch, seq]}. */
  Value positions() {
    return Objects.requireNonNull(positions);
  }

  /** The attention output of one block, {@code [batch·seq, dModel]}. */
  Value emit(int layer, Value residual, Norms norms) {
    Value z = kernelReadsJoint() ? joint(layer, residual, norms) : byHeads(layer, residual, norms);
    Value flat = layout.flat(z, (long) config.heads() * config.headDim());
    Value out = norms.after(layer, Part.ATTENTION_OUT_NORM, output(layer, z, flat));
    return layout.tapResidual(HookNames.block(layer, "hook_attn_out"), out);
  }

  /**
   * Whether the kernel's queries, keys and values are parts of one projection as they lie there:
   * nothing turns or normalises heads. The kernel has no hook points.
   */
  private boolean kernelReadsJoint() {
    return kind == AttentionKind.GROUPED_QUERY
        && config.qkv() == QkvArrangement.FUSED_THIRDS
        && config.variations().headNorm() == Variations.HeadNorm.NONE
        && !(config.positions() instanceof RotaryPositions);
  }

  private Value joint(int layer, Value residual, Norms norms) {
    long d = config.hiddenSize();
    Value x = norms.read(layer, Part.ATTENTION_NORM, "ln1", residual);
    Shape wide = Shape.of(Layout.BATCH, Layout.SEQ, Dim.of(d));
    List<Value> parts =
        ops.split(one(layer, Part.QKV, x, 3 * d), -1, d, d, d).stream()
            .map(part -> ops.reshape(part, wide))
            .toList();
    return kernel(layer, parts.get(0), parts.get(1), parts.get(2), scale(layer));
  }

  private double scale(int layer) {
    return config.attentionScale() * (config.scaleByInverseLayer() ? 1.0 / (layer + 1) : 1);
  }

  /** Returns {@code z}, {@code [batch, seq, heads, headDim]}. */
  private Value byHeads(int layer, Value residual, Norms norms) {
    Heads heads;
    if (headInputs.edited(layer)) {
      heads = headInputs.project(layer, residual, norms);
    } else {
      headInputs.read(layer, residual);
      heads = project(layer, norms.read(layer, Part.ATTENTION_NORM, "ln1", residual));
    }
    heads =
        new Heads(
            layout.tapHeads(hook(layer, "hook_q"), heads.q()),
            layout.tapHeads(hook(layer, "hook_k"), heads.k()),
            layout.tapHeads(hook(layer, "hook_v"), heads.v()));
    if (config.variations().headNorm() != Variations.HeadNorm.NONE) {
      heads =
          new Heads(
              norms.heads(layer, Part.QUERY_NORM, heads.q()),
              norms.heads(layer, Part.KEY_NORM, heads.k()),
              heads.v());
    }
    if (config.positions() instanceof RotaryPositions) {
      heads =
          new Heads(
              layout.tapHeads(hook(layer, "hook_rot_q"), rotate(heads.q())),
              layout.tapHeads(hook(layer, "hook_rot_k"), rotate(heads.k())),
              heads.v());
    }
    return switch (kind) {
      case SHARED_PREFIX ->
          tapZ(layer, ops.transpose(prefixes.emit(layer, heads, scale(layer)), 0, 2, 1, 3));
      case AFTER_PREFIX ->
          tapZ(layer, ops.transpose(afterPrefix.emit(layer, heads, scale(layer)), 0, 2, 1, 3));
      case MASKED -> masked(layer, heads, scale(layer));
      case CACHED -> masked(layer, cached(layer, heads), scale(layer));
      case GROUPED_QUERY ->
          kernel(
              layer,
              joined(heads.q(), config.heads()),
              joined(heads.k(), config.kvHeads()),
              joined(heads.v(), config.kvHeads()),
              scale(layer));
    };
  }

  private static String hook(int layer, String name) {
    return HookNames.block(layer, "attn." + name);
  }

  private Heads project(int layer, Value x) {
    long d = config.hiddenSize();
    long hd = config.headDim();
    if (config.qkv() == QkvArrangement.SEPARATE) {
      return new Heads(
          split(one(layer, Part.QUERY, x, config.heads() * hd), config.heads()),
          split(one(layer, Part.KEY, x, config.kvHeads() * hd), config.kvHeads()),
          split(one(layer, Part.VALUE, x, config.kvHeads() * hd), config.kvHeads()));
    }
    if (config.qkv() == QkvArrangement.FUSED_BLOCKS) {
      long queries = config.heads() * hd;
      long keys = config.kvHeads() * hd;
      Value joint = one(layer, Part.QKV, x, queries + 2 * keys);
      List<Value> qkv = ops.split(joint, -1, queries, keys, keys);
      return new Heads(
          split(qkv.get(0), config.heads()),
          split(qkv.get(1), config.kvHeads()),
          split(qkv.get(2), config.kvHeads()));
    }
    Value joint = one(layer, Part.QKV, x, 3 * d);
    Dim h = Dim.of(config.heads());
    boolean thirds = config.qkv() == QkvArrangement.FUSED_THIRDS;
    Shape parts =
        thirds
            ? Shape.of(Layout.BATCH, Layout.SEQ, Dim.of(3), h, Dim.of(hd))
            : Shape.of(Layout.BATCH, Layout.SEQ, h, Dim.of(3), Dim.of(hd));
    Value reshaped = ops.reshape(joint, parts);
    Value first =
        thirds ? ops.transpose(reshaped, 2, 0, 3, 1, 4) : ops.transpose(reshaped, 3, 0, 2, 1, 4);
    Shape one = Shape.of(Layout.BATCH, h, Layout.SEQ, Dim.of(hd));
    List<Value> qkv = ops.split(first, 0, 1, 1, 1);
    return new Heads(
        ops.reshape(qkv.get(0), one), ops.reshape(qkv.get(1), one), ops.reshape(qkv.get(2), one));
  }

  private Value one(int layer, Part part, Value x, long out) {
    String bias = config.qkvBias() ? names.bias(layer, part) : null;
    return parameters.linear(x, names.weight(layer, part), bias, config.hiddenSize(), out);
  }

  private Value split(Value x, int heads) {
    Value view =
        ops.reshape(x, Shape.of(Layout.BATCH, Layout.SEQ, Dim.of(heads), Dim.of(config.headDim())));
    return ops.transpose(view, 0, 2, 1, 3);
  }

  private Value rotate(Value x) {
    boolean interleaved =
        config.positions() instanceof RotaryPositions rotary && rotary.interleaved();
    return layers.rotary(
        x,
        Objects.requireNonNull(indices),
        Objects.requireNonNull(cos),
        Objects.requireNonNull(sin),
        interleaved);
  }

  /** Keys and values that past runs left, followed by this run's. */
  private Heads cached(int layer, Heads heads) {
    Dim kv = Dim.of(config.kvHeads());
    Dim hd = Dim.of(config.headDim());
    Shape past = Shape.of(Layout.BATCH, kv, Layout.PAST, hd);
    Value pastKey = graph.parameter(GraphNames.pastKey(layer), past, false);
    Value pastValue = graph.parameter(GraphNames.pastValue(layer), past, false);
    Value k = ops.concat(2, Layout.KEYS, pastKey, heads.k());
    Value v = ops.concat(2, Layout.KEYS, pastValue, heads.v());
    graph.output(GraphNames.presentKey(layer), k);
    graph.output(GraphNames.presentValue(layer), v);
    return new Heads(heads.q(), k, v);
  }

  /** Returns {@code z}, {@code [batch, seq, heads, headDim]}. */
  private Value masked(int layer, Heads heads, double scale) {
    Value q = heads.q();
    Value k = heads.k();
    Value v = heads.v();
    Value m = masks.of(layer);
    double cap = config.variations().scoreCap();
    boolean grouped = config.groups() > 1;
    Shape query = q.shape();
    if (grouped) {
      Dim kv = Dim.of(config.kvHeads());
      Dim hd = Dim.of(config.headDim());
      q = ops.reshape(q, Shape.of(Layout.BATCH, kv, Dim.of(config.groups()), Layout.SEQ, hd));
      k = ops.reshape(k, Shape.of(Layout.BATCH, kv, Dim.of(1), keys(), hd));
      v = ops.reshape(v, Shape.of(Layout.BATCH, kv, Dim.of(1), keys(), hd));
      boolean perHead = m.dim(1).equals(Dim.of(config.heads()));
      Dim parts = perHead ? kv : Dim.of(1);
      Dim each = perHead ? Dim.of(config.groups()) : Dim.of(1);
      m = ops.reshape(m, Shape.of(Layout.BATCH, parts, each, Layout.SEQ, keys()));
    }
    String scores = hook(layer, SCORES);
    String pattern = hook(layer, PATTERN);
    Value o;
    if (tap.wants(scores) || tap.wants(pattern)) {
      Value s = ops.add(layers.softCap(ops.matMul(q, false, k, true, scale), cap), m);
      s = tapSquare(scores, s);
      Value p = tapSquare(pattern, ops.softmax(s));
      o = ops.matMul(p, v);
    } else {
      o = layers.attention(q, k, v, m, scale, cap);
    }
    if (grouped) {
      o = ops.reshape(o, query);
    }
    return tapZ(layer, ops.transpose(o, 0, 2, 1, 3));
  }

  /** Taps {@code [batch, (kv, group | heads), seq, keys]} as {@code [batch, heads, seq, keys]}. */
  private Value tapSquare(String name, Value x) {
    if (!tap.wants(name)) {
      return x;
    }
    Shape logical = Shape.of(Layout.BATCH, Dim.of(config.heads()), Layout.SEQ, keys());
    Value seen = tap.at(name, ops.reshape(x, logical));
    return tap.edits(name) ? ops.reshape(seen, x.shape()) : x;
  }

  private Value tapZ(int layer, Value z) {
    String name = hook(layer, "hook_z");
    return tap.wants(name) ? tap.at(name, z) : z;
  }

  /** Returns {@code z}, {@code [batch, seq, heads, headDim]}. */
  private Value kernel(int layer, Value q, Value k, Value v, double scale) {
    Shape cache =
        Shape.of(Layout.BATCH, Dim.of(config.kvHeads()), Layout.PAST, Dim.of(config.headDim()));
    Value pastKey = graph.parameter(GraphNames.pastKey(layer), cache, false);
    Value pastValue = graph.parameter(GraphNames.pastValue(layer), cache, false);
    List<Value> out =
        layers.groupedQueryAttention(
            q,
            k,
            v,
            pastKey,
            pastValue,
            Objects.requireNonNull(lastKey),
            Objects.requireNonNull(totalLength),
            config.heads(),
            config.kvHeads(),
            scale,
            config.variations().window(layer),
            config.variations().scoreCap());
    graph.output(GraphNames.presentKey(layer), out.get(1));
    graph.output(GraphNames.presentValue(layer), out.get(2));
    return tapZ(
        layer,
        ops.reshape(
            out.get(0),
            Shape.of(Layout.BATCH, Layout.SEQ, Dim.of(config.heads()), Dim.of(config.headDim()))));
  }

  /** {@code [batch, heads, seq, headDim]} as {@code [batch, seq, heads·headDim]}. */
  private Value joined(Value x, int heads) {
    return ops.reshape(
        ops.transpose(x, 0, 2, 1, 3),
        Shape.of(Layout.BATCH, Layout.SEQ, Dim.of((long) heads * config.headDim())));
  }

  private Value output(int layer, Value z, Value flat) {
    long width = (long) config.heads() * config.headDim();
    long d = config.hiddenSize();
    String weight = names.weight(layer, Part.OUTPUT);
    String bias = config.outputBias() ? names.bias(layer, Part.OUTPUT) : null;
    String result = hook(layer, "hook_result");
    if (!tap.wants(result)) {
      return parameters.linear(flat, weight, bias, width, d);
    }
    Value w = parameters.effectiveWeight(weight, width, d);
    if (config.linear() == DecoderConfig.LinearLayout.OUT_IN) {
      w = ops.transpose(w, 1, 0);
    }
    Value perHead = ops.reshape(w, Shape.of(config.heads(), config.headDim(), d));
    Value byHead =
        ops.transpose(
            ops.reshape(z, Shape.of(Layout.FLAT, Dim.of(config.heads()), Dim.of(config.headDim()))),
            1,
            0,
            2);
    Value product = ops.transpose(ops.matMul(byHead, perHead), 1, 0, 2);
    Value tapped =
        tap.at(
            result,
            ops.reshape(
                product, Shape.of(Layout.BATCH, Layout.SEQ, Dim.of(config.heads()), Dim.of(d))));
    Value sum =
        ops.sum(ops.reshape(tapped, Shape.of(Layout.FLAT, Dim.of(config.heads()), Dim.of(d))), 1);
    return bias == null ? sum : ops.add(sum, parameters.vector(bias, d));
  }
}
