package org.alignment4j.runtime.architecture;

import org.jspecify.annotations.Nullable;

/**
 * The names a family gives its parameters in a Hugging Face checkpoint. Parameters keep these names
 * throughout the library, so that gradients, edits and saved files line up with the checkpoint.
 */
public interface ParameterNames {

  /** A part of a block that owns a weight and perhaps a bias. */
  enum Part {
    ATTENTION_NORM,
    /** Query projection; only with {@link DecoderConfig.QkvArrangement#SEPARATE}. */
    QUERY,
    /** Key projection; only with {@link DecoderConfig.QkvArrangement#SEPARATE}. */
    KEY,
    /** Value projection; only with {@link DecoderConfig.QkvArrangement#SEPARATE}. */
    VALUE,
    /** Joint projection; only with the fused arrangements. */
    QKV,
    /** Attention output projection. */
    OUTPUT,
    MLP_NORM,
    /** Gate projection; only for gated MLPs. */
    GATE,
    /** Up projection (the first linear of an ungated MLP). */
    UP,
    /** Down projection (the last linear of the MLP). */
    DOWN
  }

  /** A parameter outside the blocks that few families have. */
  enum Extra {
    /** Weight of the norm of the token embeddings. */
    EMBEDDING_NORM_WEIGHT,
    /** Bias of the norm of the token embeddings. */
    EMBEDDING_NORM_BIAS,
    /** Linear map from the token embeddings to the residual stream, without bias. */
    EMBEDDING_PROJECTION,
    /** Linear map from the residual stream to what the output head reads, without bias. */
    HEAD_PROJECTION,
    /** Bias of the output head. */
    HEAD_BIAS
  }

  /** Embedding table {@code [vocabSize, embeddingSize]}. */
  String tokenEmbedding();

  /** Table of learned positions, or null where there is none. */
  @Nullable String positionEmbedding();

  /** Weight of a part of block {@code layer}. */
  String weight(int layer, Part part);

  /** Bias of a part of block {@code layer}. */
  String bias(int layer, Part part);

  /** Weight of the final normalisation. */
  String finalNormWeight();

  /** Bias of the final normalisation. */
  String finalNormBias();

  /** Output head {@code [vocabSize, embeddingSize]}; the embedding's name when tied. */
  String head();

  /**
   * A parameter outside the blocks that few families have.
   *
   * @throws IllegalArgumentException if the family lacks it
   */
  String extra(Extra extra);
}
