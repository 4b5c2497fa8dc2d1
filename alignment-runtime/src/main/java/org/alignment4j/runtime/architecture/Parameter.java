package org.alignment4j.runtime.architecture;

import org.alignment4j.runtime.architecture.ParameterNames.Part;
import org.jspecify.annotations.Nullable;

/**
 * One parameter that an architecture has.
 *
 * @param name its Hugging Face name
 * @param shape its dimensions
 * @param role what it is
 * @param layer its block, or -1 outside the blocks
 * @param part the part of the block it belongs to, or null outside the blocks
 */
public record Parameter(String name, long[] shape, Role role, int layer, @Nullable Part part) {

  /** What a parameter is. */
  public enum Role {
    /** Embedding table of tokens. */
    TOKEN_EMBEDDING,
    /** Table of learned positions. */
    POSITION_EMBEDDING,
    /** Weight of a linear map within a block. */
    LINEAR_WEIGHT,
    /** Bias of a linear map. */
    LINEAR_BIAS,
    /** Gain of a normalisation. */
    NORM_WEIGHT,
    /** Offset of a normalisation. */
    NORM_BIAS,
    /** Linear map between the embeddings' width and the residual stream's. */
    PROJECTION,
    /** Output head of its own (embeddings not tied), or head of a sequence classifier. */
    HEAD,
    /** Bias of the output head. */
    HEAD_BIAS
  }

  public Parameter {
    shape = shape.clone();
  }

  @Override
  public long[] shape() {
    return shape.clone();
  }

  /** Number of scalars. */
  public long size() {
    long size = 1;
    for (long d : shape) {
      size *= d;
    }
    return size;
  }
}
