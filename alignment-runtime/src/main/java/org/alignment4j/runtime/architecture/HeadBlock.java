package org.alignment4j.runtime.architecture;

import org.alignment4j.runtime.architecture.ParameterNames.Extra;
import org.alignment4j.runtime.graph.ElementType;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.Layers;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.QuantisedMatrix;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.graph.Value;
import org.jspecify.annotations.Nullable;

/** Emits what an architecture's head makes of normalised rows of the residual stream. */
final class HeadBlock {

  private final Graph graph;
  private final Ops ops;
  private final Layers layers;
  private final DecoderConfig config;
  private final ParameterNames names;
  private final OutputHead outputHead;
  private final Parameters parameters;

  HeadBlock(Ops ops, Architecture architecture, Parameters parameters) {
    this.ops = ops;
    this.graph = ops.graph();
    this.layers = new Layers(ops);
    this.config = architecture.config();
    this.names = architecture.names();
    this.outputHead = architecture.head();
    this.parameters = parameters;
  }

  /** The output head {@code [vocab, embeddingSize]} where it is float32. */
  private Value head() {
    return parameters.table(names.head(), config.vocabSize(), config.embeddingSize());
  }

  private @Nullable Value headBias() {
    return config.options().headBias()
        ? parameters.vector(names.extra(Extra.HEAD_BIAS), config.vocabSize())
        : null;
  }

  /** What the output head reads of normalised rows, {@code [n, embeddingSize]}. */
  private Value projected(Value normalized) {
    if (config.options().embeddingSize().isEmpty()) {
      return normalized;
    }
    String out = names.extra(Extra.HEAD_PROJECTION);
    return parameters.linear(normalized, out, null, config.hiddenSize(), config.embeddingSize());
  }

  /** Logits of normalised rows: {@code [n, dModel]} to {@code [n, vocab]}. */
  Value logits(Value normalized) {
    return capped(uncapped(normalized));
  }

  /** Logits before a soft cap. */
  Value uncapped(Value normalized) {
    return parameters.project(
        projected(normalized),
        names.head(),
        config.vocabSize(),
        config.embeddingSize(),
        headBias());
  }

  /** Logits after the soft cap, where the model has one. */
  Value capped(Value logits) {
    return layers.softCap(logits, config.variations().logitCap());
  }

  /**
   * Log-probability of each head row's label, {@code [rows]}, at a temperature.
   *
   * <p>With {@code z = x·Wᵀ}: {@code (z + b)/t} and {@code c·tanh(z/c)/t} are heads of {@code z/t}.
   */
  Value labelLogProbs(Value normalized, double temperature) {
    Value labels = graph.input(GraphNames.LABELS, ElementType.INT64, Shape.of(Layout.ROWS));
    Value x = divided(projected(normalized), temperature);
    Value bias = headBias();
    bias = bias == null ? null : divided(bias, temperature);
    double cap = config.variations().logitCap() / temperature;
    QuantisedMatrix quantised =
        parameters.quantised(names.head(), config.vocabSize(), config.embeddingSize());
    if (quantised != null) {
      return cap == 0
          ? layers.linearLogProb(x, quantised, bias, labels)
          : layers.cappedLinearLogProb(x, quantised, labels, cap);
    }
    return cap == 0
        ? layers.linearLogProb(x, head(), bias, labels)
        : layers.cappedLinearLogProb(x, head(), labels, cap);
  }

  private Value divided(Value x, double divisor) {
    return divisor == 1 ? x : ops.scale(x, 1 / divisor);
  }

  /**
   * What the head gives at a temperature, which divides the logits: the log-probability of each
   * row's label, {@code [rows]}, or at temperature 1 the scores of a sequence classifier, {@code
   * [rows, labels]}.
   *
   * @throws IllegalArgumentException if the temperature is not 1 and the head scores sequences
   */
  Value outputs(Value normalized, double temperature) {
    if (outputHead instanceof OutputHead.SequenceScores scores) {
      if (temperature != 1) {
        throw new IllegalArgumentException(
            "the temperature must be 1 where the head scores sequences but was " + temperature);
      }
      return parameters.project(
          projected(normalized),
          OutputHead.SequenceScores.WEIGHT,
          scores.labels(),
          config.embeddingSize(),
          null);
    }
    return labelLogProbs(normalized, temperature);
  }
}
