package org.alignment4j.interp.weights;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.alignment4j.runtime.architecture.Architecture;
import org.alignment4j.runtime.architecture.DecoderConfig;
import org.alignment4j.runtime.architecture.DecoderConfig.LearnedPositions;
import org.alignment4j.runtime.architecture.DecoderConfig.LinearLayout;
import org.alignment4j.runtime.architecture.DecoderConfig.Norm;
import org.alignment4j.runtime.architecture.OutputHead;
import org.alignment4j.runtime.architecture.ParameterNames;
import org.alignment4j.runtime.architecture.ParameterNames.Extra;
import org.alignment4j.runtime.architecture.ParameterNames.Part;
import org.alignment4j.runtime.architecture.Variations;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;
import org.jspecify.annotations.Nullable;

/** Brings a checkpoint's tensors, in whichever arrangement, into one. */
final class WeightReader {

  private final DecoderConfig config;
  private final ParameterNames names;
  private final Weights weights;
  private final int width;

  WeightReader(Architecture architecture, Weights weights) {
    if (!(architecture.head() instanceof OutputHead.NextToken)) {
      throw new IllegalArgumentException(
          "the architecture must be a language model's but its head is "
              + architecture.head()
              + ", which gives no logits");
    }
    this.config = architecture.config();
    this.names = architecture.names();
    this.weights = weights;
    this.width = config.hiddenSize();
  }

  TransformerWeights read() {
    return new TransformerWeights(
        config,
        embedding(),
        positions(),
        IntStream.range(0, config.layers()).mapToObj(this::layer).toList(),
        config.options().finalNorm()
            ? norm(
                names.finalNormWeight(),
                config.norm() == Norm.LAYER_NORM ? names.finalNormBias() : null,
                config.norm())
            : null,
        unembedding());
  }

  private Matrix embedding() {
    int in = config.embeddingSize();
    Matrix embedding = table(names.tokenEmbedding(), config.vocabSize(), in);
    double scale = config.variations().embeddingScale();
    if (scale != 1) {
      embedding = embedding.scaled(scale);
    }
    if (config.options().embeddingSize().isPresent()) {
      embedding = embedding.times(linear(names.extra(Extra.EMBEDDING_PROJECTION), in, width));
    }
    if (!config.options().embeddingNorm()) {
      return embedding;
    }
    NormWeights norm =
        norm(
            names.extra(Extra.EMBEDDING_NORM_WEIGHT),
            names.extra(Extra.EMBEDDING_NORM_BIAS),
            Norm.LAYER_NORM);
    double[] normed = new double[config.vocabSize() * width];
    for (int token = 0; token < config.vocabSize(); token++) {
      System.arraycopy(norm.apply(embedding.rowValues(token)), 0, normed, token * width, width);
    }
    return new Matrix(config.vocabSize(), width, normed);
  }

  private @Nullable Matrix positions() {
    if (!(config.positions() instanceof LearnedPositions learned)) {
      return null;
    }
    int rows = learned.offset() + config.maxPositions();
    return table(Objects.requireNonNull(names.positionEmbedding()), rows, width)
        .rows(learned.offset(), rows);
  }

  private Affine unembedding() {
    int out = config.embeddingSize();
    Matrix head = table(names.head(), config.vocabSize(), out).transposed();
    if (config.options().embeddingSize().isPresent()) {
      head = linear(names.extra(Extra.HEAD_PROJECTION), width, out).times(head);
    }
    return new Affine(
        head,
        config.options().headBias()
            ? vector(names.extra(Extra.HEAD_BIAS), config.vocabSize())
            : Matrix.zeros(1, config.vocabSize()));
  }

  private LayerWeights layer(int layer) {
    Variations variations = config.variations();
    return new LayerWeights(
        variations.attentionNorm() ? norm(layer, Part.ATTENTION_NORM) : null,
        attention(layer),
        variations.normAfter() ? norm(layer, Part.ATTENTION_OUT_NORM) : null,
        variations.mlpNorm() ? norm(layer, Part.MLP_NORM) : null,
        variations.experts() == null ? mlp(layer) : experts(layer, variations.experts().count()),
        variations.normAfter() ? norm(layer, Part.MLP_OUT_NORM) : null);
  }

  private NormWeights norm(int layer, Part part) {
    String bias = config.norm() == Norm.LAYER_NORM ? names.bias(layer, part) : null;
    return norm(names.weight(layer, part), bias, config.norm());
  }

  private NormWeights norm(String weight, @Nullable String bias, Norm kind) {
    return new NormWeights(
        kind,
        gain(weight, width),
        bias == null ? Matrix.zeros(1, width) : vector(bias, width),
        config.normEpsilon());
  }

  private Matrix gain(String name, int length) {
    Matrix stored = vector(name, length);
    return config.variations().unitOffsetNorm()
        ? Matrix.generate(1, length, (i, j) -> 1 + stored.get(0, j))
        : stored;
  }

  private AttentionWeights attention(int layer) {
    int e = config.headDim();
    int h = config.heads();
    int g = config.kvHeads();
    List<List<Affine>> heads =
        switch (config.qkv()) {
          case SEPARATE ->
              List.of(
                  perHead(qkv(layer, Part.QUERY, h * e), 0, e, h),
                  perHead(qkv(layer, Part.KEY, g * e), 0, e, g),
                  perHead(qkv(layer, Part.VALUE, g * e), 0, e, g));
          case FUSED_THIRDS, FUSED_BLOCKS -> {
            Affine joint = qkv(layer, Part.QKV, (h + 2 * g) * e);
            yield List.of(
                perHead(joint, 0, e, h),
                perHead(joint, h * e, e, g),
                perHead(joint, (h + g) * e, e, g));
          }
          case FUSED_PER_HEAD -> {
            Affine joint = qkv(layer, Part.QKV, 3 * h * e);
            yield List.of(
                perHead(joint, 0, 3 * e, h),
                perHead(joint, e, 3 * e, h),
                perHead(joint, 2 * e, 3 * e, h));
          }
        };
    Matrix output = linear(names.weight(layer, Part.OUTPUT), h * e, width);
    return new AttentionWeights(
        heads.get(0),
        heads.get(1),
        heads.get(2),
        IntStream.range(0, h).mapToObj(i -> output.rows(i * e, (i + 1) * e)).toList(),
        bias(layer, Part.OUTPUT, width, config.outputBias()),
        headNorm(layer, Part.QUERY_NORM, h),
        headNorm(layer, Part.KEY_NORM, g));
  }

  private Affine qkv(int layer, Part part, int out) {
    return affine(layer, part, width, out, config.qkvBias());
  }

  /** Heads of one width whose outputs begin {@code step} apart. */
  private List<Affine> perHead(Affine joint, int first, int step, int heads) {
    int e = config.headDim();
    return IntStream.range(0, heads)
        .mapToObj(i -> joint.outputs(first + i * step, first + i * step + e))
        .toList();
  }

  private @Nullable Matrix headNorm(int layer, Part part, int heads) {
    return switch (config.variations().headNorm()) {
      case NONE -> null;
      case EACH -> gain(names.weight(layer, part), config.headDim());
      case ALL -> gain(names.weight(layer, part), heads * config.headDim());
    };
  }

  private MlpWeights mlp(int layer) {
    int m = config.intermediateSize();
    Affine out = affine(layer, Part.DOWN, m, width, config.mlpBias());
    if (!config.gatedMlp()) {
      return new MlpWeights.Plain(affine(layer, Part.UP, width, m, config.mlpBias()), out);
    }
    if (config.variations().fusedGateUp()) {
      Affine joint = affine(layer, Part.GATE_UP, width, 2 * m, config.mlpBias());
      return new MlpWeights.Gated(joint.outputs(0, m), joint.outputs(m, 2 * m), out);
    }
    return new MlpWeights.Gated(
        affine(layer, Part.GATE, width, m, config.mlpBias()),
        affine(layer, Part.UP, width, m, config.mlpBias()),
        out);
  }

  private MlpWeights experts(int layer, int count) {
    int m = config.intermediateSize();
    return new MlpWeights.Experts(
        affine(layer, Part.ROUTER, width, count, false),
        IntStream.range(0, count)
            .mapToObj(
                e ->
                    new MlpWeights.Gated(
                        unbiased(names.weight(layer, Part.GATE, e), width, m),
                        unbiased(names.weight(layer, Part.UP, e), width, m),
                        unbiased(names.weight(layer, Part.DOWN, e), m, width)))
            .toList());
  }

  private Affine unbiased(String weight, int in, int out) {
    return new Affine(linear(weight, in, out), Matrix.zeros(1, out));
  }

  private Affine affine(int layer, Part part, int in, int out, boolean biased) {
    return new Affine(linear(names.weight(layer, part), in, out), bias(layer, part, out, biased));
  }

  private Matrix bias(int layer, Part part, int length, boolean present) {
    return present ? vector(names.bias(layer, part), length) : Matrix.zeros(1, length);
  }

  private Matrix vector(String name, int length) {
    return table(name, 1, length);
  }

  /** A linear weight as {@code [in, out]}. */
  private Matrix linear(String name, int in, int out) {
    return config.linear() == LinearLayout.IN_OUT
        ? table(name, in, out)
        : table(name, out, in).transposed();
  }

  private Matrix table(String name, int rows, int columns) {
    WeightTensor tensor = weights.get(name);
    if (tensor.size() != (long) rows * columns) {
      throw new IllegalArgumentException(
          "'"
              + name
              + "' must have "
              + (long) rows * columns
              + " elements but has "
              + tensor.size());
    }
    double[] values = new double[tensor.size()];
    FloatBuffer data = tensor.data();
    for (int i = 0; i < values.length; i++) {
      values[i] = data.get(i);
    }
    return new Matrix(rows, columns, values);
  }
}
