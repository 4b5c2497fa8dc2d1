package org.alignment4j.interp.diff;

import java.util.Objects;
import org.alignment4j.interp.head.HeadId;
import org.alignment4j.interp.neuron.Neuron;
import org.apiguardian.api.API;

/**
 * A part of a model's weights that can be taken out of one checkpoint and put into another. {@link
 * WeightParts} divides a model into parts of which every weight belongs to exactly one.
 *
 * @param kind what it is
 * @param layer the layer it belongs to, from 0; {@value #OUTSIDE} outside the layers
 * @param index head, key and value head or neuron within the layer, from 0; {@value #OUTSIDE} where
 *     there is one of the kind only
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record WeightPart(Kind kind, int layer, int index) {

  /** The layer of a part outside the layers, and the index of a part that is the only one. */
  public static final int OUTSIDE = -1;

  /** What a part is. */
  public enum Kind {
    /** Embedding of tokens, its norm and its map to the stream; where tied, the output head too. */
    EMBEDDING("embedding", false, false),
    /** Table of learned positions. */
    POSITIONS("positions", false, false),
    /** Norm after the last layer. */
    FINAL_NORM("final norm", false, false),
    /** Output head where it is not the embedding, its bias and the map before it. */
    UNEMBEDDING("unembedding", false, false),
    /** All of a layer's attention: its maps, their biases and norms of heads. */
    ATTENTION("attention", true, false),
    /** All of a layer's MLP: its maps and biases; of experts the router and all of them. */
    MLP("MLP", true, false),
    /** The norms of a layer, before or after its attention and MLP. */
    NORMS("norms", true, false),
    /**
     * One head: its queries and its part of the output map; keys and values too where every head
     * has its own.
     */
    HEAD("H", true, true),
    /** Keys and values that several heads share. */
    KEY_VALUE_HEAD("KV", true, true),
    /** What heads have in common: bias of the output map and norms that serve all of them. */
    ATTENTION_BIAS("attention bias", true, false),
    /** One neuron: what it reads, with its gate and biases, and what it writes. */
    NEURON("N", true, true),
    /** The bias that an MLP adds to what its neurons write. */
    MLP_BIAS("MLP bias", true, false);

    private final String label;
    private final boolean inLayer;
    private final boolean several;

    Kind(String label, boolean inLayer, boolean several) {
      this.label = label;
      this.inLayer = inLayer;
      this.several = several;
    }

    /** The component that parts of this kind lie in; itself where it is one. */
    private Kind whole() {
      return switch (this) {
        case HEAD, KEY_VALUE_HEAD, ATTENTION_BIAS -> ATTENTION;
        case NEURON, MLP_BIAS -> MLP;
        default -> this;
      };
    }
  }

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if the kind has a layer or an index and it is negative, or has
   *     none and one is given
   */
  public WeightPart {
    Objects.requireNonNull(kind, "kind");
    requirePlace("layer", layer, kind.inLayer, kind);
    requirePlace("index", index, kind.several, kind);
  }

  private static void requirePlace(String name, int place, boolean wanted, Kind kind) {
    if (wanted ? place < 0 : place != OUTSIDE) {
      throw new IllegalArgumentException(
          name
              + " of a part of kind "
              + kind
              + (wanted ? " must not be negative" : " must be " + OUTSIDE)
              + " but was "
              + place);
    }
  }

  /**
   * A part outside the layers.
   *
   * @throws IllegalArgumentException if parts of the kind lie in layers
   */
  public static WeightPart outside(Kind kind) {
    return new WeightPart(kind, OUTSIDE, OUTSIDE);
  }

  /**
   * A part of which a layer has one.
   *
   * @throws IllegalArgumentException if the layer is negative, or a layer has several of the kind
   */
  public static WeightPart of(Kind kind, int layer) {
    return new WeightPart(kind, layer, OUTSIDE);
  }

  /** A head. */
  public static WeightPart head(HeadId head) {
    return new WeightPart(Kind.HEAD, head.layer(), head.head());
  }

  /** A neuron. */
  public static WeightPart neuron(Neuron neuron) {
    return new WeightPart(Kind.NEURON, neuron.layer(), neuron.index());
  }

  /** Whether it shares weights with another part of one model: is it, lies in it or holds it. */
  boolean overlaps(WeightPart other) {
    return equals(other)
        || (layer == other.layer && (kind == other.kind.whole() || other.kind == kind.whole()));
  }

  /** What it is without its layer, such as {@code MLP} or {@code H3}. */
  public String label() {
    return index == OUTSIDE ? kind.label : kind.label + index;
  }

  /** Such as {@code embedding}, {@code L2 MLP}, {@code L5H1} or {@code L0N17}. */
  @Override
  public String toString() {
    if (layer == OUTSIDE) {
      return label();
    }
    return "L" + layer + (index == OUTSIDE ? " " : "") + label();
  }
}
