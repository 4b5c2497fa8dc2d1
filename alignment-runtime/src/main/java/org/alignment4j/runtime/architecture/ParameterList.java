package org.alignment4j.runtime.architecture;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.alignment4j.runtime.architecture.DecoderConfig.LearnedPositions;
import org.alignment4j.runtime.architecture.DecoderConfig.LinearLayout;
import org.alignment4j.runtime.architecture.DecoderConfig.Norm;
import org.alignment4j.runtime.architecture.DecoderConfig.QkvArrangement;
import org.alignment4j.runtime.architecture.DecoderOptions.NormPlacement;
import org.alignment4j.runtime.architecture.Parameter.Role;
import org.alignment4j.runtime.architecture.ParameterNames.Extra;
import org.alignment4j.runtime.architecture.ParameterNames.Part;
import org.jspecify.annotations.Nullable;

/** Collects the parameters of an architecture with their shapes. */
final class ParameterList {

  private static final int NO_LAYER = -1;

  private final DecoderConfig config;
  private final ParameterNames names;
  private final OutputHead head;
  private final List<Parameter> parameters = new ArrayList<>();

  private ParameterList(Architecture architecture) {
    this.config = architecture.config();
    this.names = architecture.names();
    this.head = architecture.head();
  }

  static List<Parameter> of(Architecture architecture) {
    ParameterList list = new ParameterList(architecture);
    list.collect();
    return List.copyOf(list.parameters);
  }

  private void collect() {
    long hidden = config.hiddenSize();
    long embedding = config.embeddingSize();
    DecoderOptions options = config.options();
    outside(names.tokenEmbedding(), Role.TOKEN_EMBEDDING, config.vocabSize(), embedding);
    if (options.embeddingSize().isPresent()) {
      outside(names.extra(Extra.EMBEDDING_PROJECTION), Role.PROJECTION, hidden, embedding);
    }
    if (config.positions() instanceof LearnedPositions learned) {
      String positions = Objects.requireNonNull(names.positionEmbedding());
      long rows = (long) learned.offset() + config.maxPositions();
      outside(positions, Role.POSITION_EMBEDDING, rows, hidden);
    }
    if (options.embeddingNorm()) {
      outside(names.extra(Extra.EMBEDDING_NORM_WEIGHT), Role.NORM_WEIGHT, hidden);
      outside(names.extra(Extra.EMBEDDING_NORM_BIAS), Role.NORM_BIAS, hidden);
    }
    for (int layer = 0; layer < config.layers(); layer++) {
      block(layer);
    }
    if (options.finalNorm()) {
      outside(names.finalNormWeight(), Role.NORM_WEIGHT, hidden);
      if (config.norm() == Norm.LAYER_NORM) {
        outside(names.finalNormBias(), Role.NORM_BIAS, hidden);
      }
    }
    if (options.embeddingSize().isPresent()) {
      outside(names.extra(Extra.HEAD_PROJECTION), Role.PROJECTION, embedding, hidden);
    }
    if (head instanceof OutputHead.SequenceScores scores) {
      outside(OutputHead.SequenceScores.WEIGHT, Role.HEAD, scores.labels(), embedding);
      return;
    }
    if (!config.tiedEmbeddings()) {
      outside(names.head(), Role.HEAD, config.vocabSize(), embedding);
    }
    if (options.headBias()) {
      outside(names.extra(Extra.HEAD_BIAS), Role.HEAD_BIAS, config.vocabSize());
    }
  }

  private void block(int layer) {
    long hidden = config.hiddenSize();
    long inner = config.intermediateSize();
    long queries = (long) config.heads() * config.headDim();
    long keys = (long) config.kvHeads() * config.headDim();
    norm(layer, Part.ATTENTION_NORM);
    if (config.qkv() == QkvArrangement.SEPARATE) {
      linear(layer, Part.QUERY, hidden, queries, config.qkvBias());
      linear(layer, Part.KEY, hidden, keys, config.qkvBias());
      linear(layer, Part.VALUE, hidden, keys, config.qkvBias());
    } else {
      linear(layer, Part.QKV, hidden, queries + 2 * keys, config.qkvBias());
    }
    linear(layer, Part.OUTPUT, queries, hidden, config.outputBias());
    if (config.options().norms() != NormPlacement.SHARED) {
      norm(layer, Part.MLP_NORM);
    }
    if (config.gatedMlp()) {
      linear(layer, Part.GATE, hidden, inner, config.mlpBias());
    }
    linear(layer, Part.UP, hidden, inner, config.mlpBias());
    linear(layer, Part.DOWN, inner, hidden, config.mlpBias());
  }

  private void norm(int layer, Part part) {
    add(names.weight(layer, part), Role.NORM_WEIGHT, layer, part, config.hiddenSize());
    if (config.norm() == Norm.LAYER_NORM) {
      add(names.bias(layer, part), Role.NORM_BIAS, layer, part, config.hiddenSize());
    }
  }

  private void linear(int layer, Part part, long in, long out, boolean bias) {
    long[] shape =
        config.linear() == LinearLayout.IN_OUT ? new long[] {in, out} : new long[] {out, in};
    add(names.weight(layer, part), Role.LINEAR_WEIGHT, layer, part, shape);
    if (bias) {
      add(names.bias(layer, part), Role.LINEAR_BIAS, layer, part, out);
    }
  }

  private void outside(String name, Role role, long... shape) {
    add(name, role, NO_LAYER, null, shape);
  }

  private void add(String name, Role role, int layer, @Nullable Part part, long... shape) {
    parameters.add(new Parameter(name, shape, role, layer, part));
  }
}
