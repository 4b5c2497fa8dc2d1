package org.alignment4j.interp.diff;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.alignment4j.interp.diff.WeightPart.Kind;
import org.alignment4j.runtime.architecture.Architecture;
import org.alignment4j.runtime.architecture.DecoderConfig;
import org.alignment4j.runtime.architecture.DecoderConfig.LinearLayout;
import org.alignment4j.runtime.architecture.DecoderConfig.Norm;
import org.alignment4j.runtime.architecture.DecoderConfig.QkvArrangement;
import org.alignment4j.runtime.architecture.Parameter;
import org.alignment4j.runtime.architecture.ParameterNames;
import org.alignment4j.runtime.architecture.ParameterNames.Part;
import org.alignment4j.runtime.architecture.Variations.HeadNorm;

/** Where the weights of a part lie in a checkpoint, whichever family's. */
final class PartSlices {

  private final Architecture architecture;
  private final DecoderConfig config;
  private final ParameterNames names;
  private final List<Parameter> parameters;

  PartSlices(Architecture architecture) {
    this.architecture = architecture;
    this.config = architecture.config();
    this.names = architecture.names();
    this.parameters = architecture.parameters();
  }

  Architecture architecture() {
    return architecture;
  }

  List<Parameter> parameters() {
    return parameters;
  }

  /** The coarse part that a parameter belongs to, whole. */
  WeightPart coarse(Parameter parameter) {
    int layer = parameter.layer();
    if (layer >= 0) {
      return WeightPart.of(inLayer(Objects.requireNonNull(parameter.part())), layer);
    }
    return WeightPart.outside(
        switch (parameter.role()) {
          case POSITION_EMBEDDING -> Kind.POSITIONS;
          case HEAD, HEAD_BIAS -> Kind.UNEMBEDDING;
          case PROJECTION ->
              parameter.shape()[0] == config.hiddenSize() ? Kind.EMBEDDING : Kind.UNEMBEDDING;
          case NORM_WEIGHT, NORM_BIAS ->
              isFinalNorm(parameter.name()) ? Kind.FINAL_NORM : Kind.EMBEDDING;
          case TOKEN_EMBEDDING, LINEAR_WEIGHT, LINEAR_BIAS -> Kind.EMBEDDING;
        });
  }

  private boolean isFinalNorm(String name) {
    return config.options().finalNorm()
        && (name.equals(names.finalNormWeight())
            || (config.norm() == Norm.LAYER_NORM && name.equals(names.finalNormBias())));
  }

  private static Kind inLayer(Part part) {
    return switch (part) {
      case QUERY, KEY, VALUE, QKV, QUERY_NORM, KEY_NORM, OUTPUT -> Kind.ATTENTION;
      case ROUTER, GATE, UP, GATE_UP, DOWN -> Kind.MLP;
      case ATTENTION_NORM, ATTENTION_OUT_NORM, MLP_NORM, MLP_OUT_NORM -> Kind.NORMS;
    };
  }

  /**
   * The slices of a part, none twice.
   *
   * @throws IllegalArgumentException if the model has no such part
   */
  List<TensorSlice> of(WeightPart part) {
    List<TensorSlice> slices =
        switch (part.kind()) {
          case HEAD -> head(part);
          case KEY_VALUE_HEAD -> keyValueHead(part);
          case ATTENTION_BIAS -> attentionBias(part.layer());
          case NEURON -> neuron(part);
          case MLP_BIAS -> config.mlpBias() ? biasOf(part.layer(), Part.DOWN) : List.of();
          default -> coarse(part);
        };
    if (slices.isEmpty() || part.layer() >= config.layers()) {
      throw new IllegalArgumentException(
          "a part must be one of the model's but "
              + config.modelType()
              + " with "
              + config.layers()
              + " layers of "
              + config.heads()
              + " heads and "
              + config.intermediateSize()
              + " neurons has no weights of '"
              + part
              + "'; WeightParts lists those it has");
    }
    return slices;
  }

  private List<TensorSlice> coarse(WeightPart part) {
    return parameters.stream()
        .filter(parameter -> coarse(parameter).equals(part))
        .map(p -> new TensorSlice(p.name(), 0, 0, Math.toIntExact(p.shape()[0])))
        .toList();
  }

  private boolean sharesKeys() {
    return config.kvHeads() < config.heads();
  }

  private List<TensorSlice> head(WeightPart part) {
    int e = config.headDim();
    int h = config.heads();
    int at = part.index() * e;
    List<TensorSlice> slices = new ArrayList<>();
    if (part.index() >= h) {
      return slices;
    }
    if (config.qkv() == QkvArrangement.FUSED_PER_HEAD) {
      outputs(slices, part.layer(), Part.QKV, 3 * at, 3 * (at + e));
    } else if (config.qkv() == QkvArrangement.SEPARATE) {
      outputs(slices, part.layer(), Part.QUERY, at, at + e);
    } else {
      outputs(slices, part.layer(), Part.QKV, at, at + e);
    }
    norm(slices, part.layer(), Part.QUERY_NORM, at);
    if (!sharesKeys()) {
      keysAndValues(slices, part.layer(), at);
    }
    slices.add(inputs(part.layer(), Part.OUTPUT, at, at + e));
    return slices;
  }

  private List<TensorSlice> keyValueHead(WeightPart part) {
    List<TensorSlice> slices = new ArrayList<>();
    if (sharesKeys() && part.index() < config.kvHeads()) {
      keysAndValues(slices, part.layer(), part.index() * config.headDim());
    }
    return slices;
  }

  private void keysAndValues(List<TensorSlice> slices, int layer, int at) {
    int e = config.headDim();
    switch (config.qkv()) {
      case SEPARATE -> {
        outputs(slices, layer, Part.KEY, at, at + e);
        outputs(slices, layer, Part.VALUE, at, at + e);
      }
      case FUSED_THIRDS, FUSED_BLOCKS -> {
        int keys = config.heads() * e;
        int values = keys + config.kvHeads() * e;
        outputs(slices, layer, Part.QKV, keys + at, keys + at + e);
        outputs(slices, layer, Part.QKV, values + at, values + at + e);
      }
      case FUSED_PER_HEAD -> {
        // They lie between the head's own queries and those of the next.
      }
    }
    norm(slices, layer, Part.KEY_NORM, at);
  }

  private void norm(List<TensorSlice> slices, int layer, Part part, int at) {
    if (config.variations().headNorm() == HeadNorm.ALL) {
      slices.add(new TensorSlice(names.weight(layer, part), 0, at, at + config.headDim()));
    }
  }

  private List<TensorSlice> attentionBias(int layer) {
    List<TensorSlice> slices = new ArrayList<>();
    if (config.outputBias()) {
      slices.addAll(biasOf(layer, Part.OUTPUT));
    }
    if (config.variations().headNorm() == HeadNorm.EACH) {
      int e = config.headDim();
      slices.add(new TensorSlice(names.weight(layer, Part.QUERY_NORM), 0, 0, e));
      slices.add(new TensorSlice(names.weight(layer, Part.KEY_NORM), 0, 0, e));
    }
    return slices;
  }

  private List<TensorSlice> biasOf(int layer, Part part) {
    return List.of(new TensorSlice(names.bias(layer, part), 0, 0, config.hiddenSize()));
  }

  private List<TensorSlice> neuron(WeightPart part) {
    int i = part.index();
    int m = config.intermediateSize();
    int layer = part.layer();
    List<TensorSlice> slices = new ArrayList<>();
    if (i >= m || config.variations().experts() != null) {
      return slices;
    }
    if (config.variations().fusedGateUp()) {
      outputs(slices, layer, Part.GATE_UP, i, i + 1);
      outputs(slices, layer, Part.GATE_UP, m + i, m + i + 1);
    } else {
      if (config.gatedMlp()) {
        outputs(slices, layer, Part.GATE, i, i + 1);
      }
      outputs(slices, layer, Part.UP, i, i + 1);
    }
    slices.add(inputs(layer, Part.DOWN, i, i + 1));
    return slices;
  }

  /** Outputs of a linear map: their weights, and their biases where it has some. */
  private void outputs(List<TensorSlice> slices, int layer, Part part, int from, int to) {
    int axis = config.linear() == LinearLayout.IN_OUT ? 1 : 0;
    slices.add(new TensorSlice(names.weight(layer, part), axis, from, to));
    if (inLayer(part) == Kind.MLP ? config.mlpBias() : config.qkvBias()) {
      slices.add(new TensorSlice(names.bias(layer, part), 0, from, to));
    }
  }

  private TensorSlice inputs(int layer, Part part, int from, int to) {
    int axis = config.linear() == LinearLayout.IN_OUT ? 0 : 1;
    return new TensorSlice(names.weight(layer, part), axis, from, to);
  }
}
