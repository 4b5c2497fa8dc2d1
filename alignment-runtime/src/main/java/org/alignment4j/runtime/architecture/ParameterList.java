package org.alignment4j.runtime.architecture;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.alignment4j.api.CheckpointException;
import org.alignment4j.runtime.architecture.DecoderConfig.LearnedPositions;
import org.alignment4j.runtime.architecture.DecoderConfig.LinearLayout;
import org.alignment4j.runtime.architecture.DecoderConfig.Norm;
import org.alignment4j.runtime.architecture.DecoderConfig.QkvArrangement;
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

  private final int most;

  private ParameterList(Architecture architecture, int most) {
    this.most = most;
    this.config = architecture.config();
    this.names = architecture.names();
    this.head = architecture.head();
  }

  static List<Parameter> of(Architecture architecture) {
    return of(architecture, Integer.MAX_VALUE);
  }

  /**
   * The parameters of an architecture that has not more than so many.
   *
   * @throws CheckpointException if it has more
   */
  static List<Parameter> of(Architecture architecture, int most) {
    ParameterList list = new ParameterList(architecture, most);
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
    Variations variations = config.variations();
    if (variations.attentionNorm()) {
      norm(layer, Part.ATTENTION_NORM);
    }
    if (config.qkv() == QkvArrangement.SEPARATE) {
      linear(layer, Part.QUERY, hidden, queries, config.qkvBias());
      linear(layer, Part.KEY, hidden, keys, config.qkvBias());
      linear(layer, Part.VALUE, hidden, keys, config.qkvBias());
    } else {
      linear(layer, Part.QKV, hidden, queries + 2 * keys, config.qkvBias());
    }
    switch (variations.headNorm()) {
      case NONE -> {}
      case EACH -> headNorms(layer, config.headDim(), config.headDim());
      case ALL -> headNorms(layer, queries, keys);
    }
    linear(layer, Part.OUTPUT, queries, hidden, config.outputBias());
    if (variations.normAfter()) {
      norm(layer, Part.ATTENTION_OUT_NORM);
    }
    if (variations.mlpNorm()) {
      norm(layer, Part.MLP_NORM);
    }
    if (variations.experts() != null) {
      experts(layer, variations.experts().count());
    } else if (variations.fusedGateUp()) {
      linear(layer, Part.GATE_UP, hidden, 2 * inner, config.mlpBias());
    } else {
      if (config.gatedMlp()) {
        linear(layer, Part.GATE, hidden, inner, config.mlpBias());
      }
      linear(layer, Part.UP, hidden, inner, config.mlpBias());
    }
    if (variations.experts() == null) {
      linear(layer, Part.DOWN, inner, hidden, config.mlpBias());
    }
    if (variations.normAfter()) {
      norm(layer, Part.MLP_OUT_NORM);
    }
  }

  private void experts(int layer, int count) {
    long hidden = config.hiddenSize();
    long inner = config.intermediateSize();
    linear(layer, Part.ROUTER, hidden, count, false);
    for (int expert = 0; expert < count; expert++) {
      expert(layer, Part.GATE, expert, inner, hidden);
      expert(layer, Part.UP, expert, inner, hidden);
      expert(layer, Part.DOWN, expert, hidden, inner);
    }
  }

  private void expert(int layer, Part part, int expert, long out, long in) {
    add(names.weight(layer, part, expert), Role.LINEAR_WEIGHT, layer, part, out, in);
  }

  private void headNorms(int layer, long queries, long keys) {
    add(names.weight(layer, Part.QUERY_NORM), Role.NORM_WEIGHT, layer, Part.QUERY_NORM, queries);
    add(names.weight(layer, Part.KEY_NORM), Role.NORM_WEIGHT, layer, Part.KEY_NORM, keys);
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
    if (parameters.size() == most) {
      throw new CheckpointException(
          "config.json must describe the parameters that the checkpoint holds but describes more"
              + " than "
              + most
              + "; config.json and weights are of different models, or a number of layers or"
              + " experts is damaged");
    }
    parameters.add(new Parameter(name, shape, role, layer, part));
  }
}
