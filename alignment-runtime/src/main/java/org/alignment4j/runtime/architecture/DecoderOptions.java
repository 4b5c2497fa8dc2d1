package org.alignment4j.runtime.architecture;

import java.util.List;
import java.util.OptionalInt;

/**
 * What most decoders have in one form and some in another. Immutable and thread-safe.
 *
 * @param norms where normalisations stand in a block
 * @param embeddingNorm whether the token embeddings are normalised before the first block (BLOOM)
 * @param finalNorm whether the residual stream is normalised after the last block
 * @param embeddingSize width of the token embeddings and of what the output head reads, where
 *     linear maps without bias lead from it to the residual stream and back (OPT); empty where it
 *     is the residual stream's
 * @param headBias whether the output head carries a bias (GPT-J)
 * @param windows for each block the number of last tokens that attention sees, its own included; 0
 *     where it sees all; no element at all where every block sees all
 */
public record DecoderOptions(
    NormPlacement norms,
    boolean embeddingNorm,
    boolean finalNorm,
    OptionalInt embeddingSize,
    boolean headBias,
    List<Integer> windows) {

  /** Where normalisations stand in a block. */
  public enum NormPlacement {
    /** Before attention and before the MLP; the residual connection passes them by. */
    BEFORE,
    /** As {@link #BEFORE}, but the residual connection starts after them (BLOOM). */
    BEFORE_RESIDUAL,
    /** One norm, which attention and MLP both read; only in parallel blocks (GPT-J). */
    SHARED,
    /** After each sum of residual stream and output (OPT of 350 million parameters). */
    AFTER
  }

  /**
   * Checks the windows.
   *
   * @throws IllegalArgumentException when one is negative
   */
  public DecoderOptions {
    windows = List.copyOf(windows);
    for (int window : windows) {
      if (window < 0) {
        throw new IllegalArgumentException("windows must not be negative but were " + windows);
      }
    }
    if (windows.stream().allMatch(w -> w == 0)) {
      windows = List.of();
    }
  }

  /** What most decoders have. */
  public static DecoderOptions usual() {
    return new DecoderOptions(
        NormPlacement.BEFORE, false, true, OptionalInt.empty(), false, List.of());
  }

  /** These options with norms placed otherwise. */
  public DecoderOptions norms(NormPlacement placement) {
    return new DecoderOptions(
        placement, embeddingNorm, finalNorm, embeddingSize, headBias, windows);
  }

  /** These options with or without a norm of the token embeddings. */
  public DecoderOptions embeddingNorm(boolean given) {
    return new DecoderOptions(norms, given, finalNorm, embeddingSize, headBias, windows);
  }

  /** These options with or without a norm after the last block. */
  public DecoderOptions finalNorm(boolean given) {
    return new DecoderOptions(norms, embeddingNorm, given, embeddingSize, headBias, windows);
  }

  /** These options with token embeddings of a width of their own. */
  public DecoderOptions embeddingSize(int size) {
    return new DecoderOptions(
        norms, embeddingNorm, finalNorm, OptionalInt.of(size), headBias, windows);
  }

  /** These options with or without a bias of the output head. */
  public DecoderOptions headBias(boolean given) {
    return new DecoderOptions(norms, embeddingNorm, finalNorm, embeddingSize, given, windows);
  }

  /** These options with windows of attention, one for each block. */
  public DecoderOptions windows(List<Integer> perBlock) {
    return new DecoderOptions(norms, embeddingNorm, finalNorm, embeddingSize, headBias, perBlock);
  }
}
