package org.alignment4j.interp.diff;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.alignment4j.interp.diff.WeightPart.Kind;
import org.alignment4j.runtime.architecture.Architecture;
import org.alignment4j.runtime.architecture.DecoderConfig;
import org.alignment4j.runtime.architecture.Variations.HeadNorm;
import org.apiguardian.api.API;

/**
 * Divisions of a model's weights into parts. Each of {@link #components} and {@link #heads} holds
 * every weight once, so that putting all of its parts into another checkpoint gives the model.
 * Stateless.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class WeightParts {

  private WeightParts() {}

  /**
   * Embeddings, attention, MLP and norms of each layer, final norm and unembedding, those that the
   * model has, in the order of computation.
   */
  public static List<WeightPart> components(Architecture architecture) {
    PartSlices slices = new PartSlices(architecture);
    Set<WeightPart> parts = new LinkedHashSet<>();
    slices.parameters().forEach(parameter -> parts.add(slices.coarse(parameter)));
    return List.copyOf(parts);
  }

  /** As {@link #components}, with the heads of each layer in place of its attention. */
  public static List<WeightPart> heads(Architecture architecture) {
    List<WeightPart> parts = new ArrayList<>();
    for (WeightPart part : components(architecture)) {
      if (part.kind() == Kind.ATTENTION) {
        parts.addAll(heads(architecture, part.layer()));
      } else {
        parts.add(part);
      }
    }
    return List.copyOf(parts);
  }

  /**
   * A layer's heads, key and value heads where they are shared, and what all heads have in common:
   * together the layer's attention.
   *
   * @throws IllegalArgumentException if there is no such layer
   */
  public static List<WeightPart> heads(Architecture architecture, int layer) {
    DecoderConfig config = architecture.config();
    requireLayer(config, layer);
    List<WeightPart> parts = new ArrayList<>();
    for (int head = 0; head < config.heads(); head++) {
      parts.add(new WeightPart(Kind.HEAD, layer, head));
    }
    for (int head = 0; head < config.kvHeads() && config.kvHeads() < config.heads(); head++) {
      parts.add(new WeightPart(Kind.KEY_VALUE_HEAD, layer, head));
    }
    if (config.outputBias() || config.variations().headNorm() == HeadNorm.EACH) {
      parts.add(WeightPart.of(Kind.ATTENTION_BIAS, layer));
    }
    return List.copyOf(parts);
  }

  /**
   * A layer's neurons, and the bias of what they write where there is one: together the layer's
   * MLP.
   *
   * @throws IllegalArgumentException if there is no such layer, or it has several MLPs
   */
  public static List<WeightPart> neurons(Architecture architecture, int layer) {
    DecoderConfig config = architecture.config();
    requireLayer(config, layer);
    if (config.variations().experts() != null) {
      throw new IllegalArgumentException(
          "neurons are parts of a layer with one MLP but "
              + config.modelType()
              + " has "
              + config.variations().experts().count()
              + " experts in each; use the layer's MLP as a whole");
    }
    List<WeightPart> parts = new ArrayList<>();
    for (int neuron = 0; neuron < config.intermediateSize(); neuron++) {
      parts.add(new WeightPart(Kind.NEURON, layer, neuron));
    }
    if (config.mlpBias()) {
      parts.add(WeightPart.of(Kind.MLP_BIAS, layer));
    }
    return List.copyOf(parts);
  }

  private static void requireLayer(DecoderConfig config, int layer) {
    if (layer < 0 || layer >= config.layers()) {
      throw new IllegalArgumentException(
          "layer must be in [0, " + (config.layers() - 1) + "] but was " + layer);
    }
  }
}
