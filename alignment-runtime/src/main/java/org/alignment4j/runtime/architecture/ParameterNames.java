package org.alignment4j.runtime.architecture;

import org.jspecify.annotations.Nullable;

/**
 * The names a family gives its parameters in a Hugging Face checkpoint. Parameters keep these names
 * throughout the library, so that gradients, edits and saved files line up with the checkpoint.
 */
public interface ParameterNames {

  /** A part of a block that owns a weight and perhaps a bias. */
  enum Part {
    /** Norm of what attention reads; only where {@link Variations#normBefore}. */
    ATTENTION_NORM,
    /** Query projection; only with {@link DecoderConfig.QkvArrangement#SEPARATE}. */
    QUERY,
    /** Key projection; only with {@link DecoderConfig.QkvArrangement#SEPARATE}. */
    KEY,
    /** Value projection; only with {@link DecoderConfig.QkvArrangement#SEPARATE}. */
    VALUE,
    /** Joint projection; only with the fused arrangements. */
    QKV,
    /** Norm of the queries; only where {@link Variations#headNorm} has one. */
    QUERY_NORM,
    /** Norm of the keys; only where {@link Variations#headNorm} has one. */
    KEY_NORM,
    /** Attention output projection. */
    OUTPUT,
    /** Norm of what attention adds; only where {@link Variations#normAfter}. */
    ATTENTION_OUT_NORM,
    /** Norm of what the MLP reads; only where {@link Variations#normBefore}. */
    MLP_NORM,
    /** Router logits of the experts; only where {@link Variations#experts} are. */
    ROUTER,
    /** Gate projection; only for gated MLPs. */
    GATE,
    /** Up projection (the first linear of an ungated MLP). */
    UP,
    /** Gate and up projection in one; only where {@link Variations#fusedGateUp}. */
    GATE_UP,
    /** Down projection (the last linear of the MLP). */
    DOWN,
    /** Norm of what the MLP adds; only where {@link Variations#normAfter}. */
    MLP_OUT_NORM
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

  /**
   * Weight of a part that each expert of block {@code layer} has; the part's own where there are no
   * experts.
   */
  String weight(int layer, Part part, int expert);

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
