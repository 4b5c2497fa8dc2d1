package org.alignment4j.runtime.architecture;

import java.util.OptionalInt;

/**
 * What stands before and after the blocks of some decoders only. Immutable and thread-safe.
 *
 * @param embeddingNorm whether the token embeddings are normalised before the first block (BLOOM)
 * @param finalNorm whether the residual stream is normalised after the last block
 * @param embeddingSize width of the token embeddings and of what the output head reads, where
 *     linear maps without bias lead from it to the residual stream and back (OPT); empty where it
 *     is the residual stream's
 * @param headBias whether the output head carries a bias (GPT-J)
 */
public record DecoderOptions(
    boolean embeddingNorm, boolean finalNorm, OptionalInt embeddingSize, boolean headBias) {

  /** What most decoders have. */
  public static DecoderOptions usual() {
    return new DecoderOptions(false, true, OptionalInt.empty(), false);
  }

  /** These options with or without a norm of the token embeddings. */
  public DecoderOptions embeddingNorm(boolean given) {
    return new DecoderOptions(given, finalNorm, embeddingSize, headBias);
  }

  /** These options with or without a norm after the last block. */
  public DecoderOptions finalNorm(boolean given) {
    return new DecoderOptions(embeddingNorm, given, embeddingSize, headBias);
  }

  /** These options with token embeddings of a width of their own. */
  public DecoderOptions embeddingSize(int size) {
    return new DecoderOptions(embeddingNorm, finalNorm, OptionalInt.of(size), headBias);
  }

  /** These options with or without a bias of the output head. */
  public DecoderOptions headBias(boolean given) {
    return new DecoderOptions(embeddingNorm, finalNorm, embeddingSize, given);
  }
}
