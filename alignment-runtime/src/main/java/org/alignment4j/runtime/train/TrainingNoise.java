package org.alignment4j.runtime.train;

import java.util.Objects;
import org.apiguardian.api.API;

/**
 * Noise that is part of training only: dropout, and noise on embeddings. All of it is a function of
 * the seed, the update, the micro-batch and the place, so that a resumed run sees what the
 * interrupted one would have seen without any saved state.
 *
 * <p>Dropout (Srivastava et al. 2014) sets an element to 0 with probability p and divides the
 * others by {@code 1 - p}, as {@code torch.nn.Dropout}. Its masks are inputs of the graph, one
 * float an element: residual dropout costs as much memory again as two residual streams of each
 * block, attention dropout as much as the attention weights, {@code [batch, heads, seq, seq]} of
 * each block, which are then also kept where they otherwise need not be.
 *
 * @param neftuneAlpha α of NEFTune (Jain et al. 2024, arXiv 2310.05914, algorithm 1), not negative:
 *     embeddings of a sequence of L tokens and width d gain uniform noise in {@code ±α/sqrt(L·d)};
 *     L counts the sequence's own tokens and what it continues, not padding or others in a packed
 *     row; 0 adds none and 5 is usual
 * @param embeddingDropout probability in [0, 1) for what enters the first block
 * @param residualDropout probability in [0, 1) for what attention and MLP add to the residual
 *     stream, of the last block where it rises with depth
 * @param attentionDropout probability in [0, 1) for attention weights after the softmax
 * @param adapterDropout probability in [0, 1) for what adapters read (Hu et al. 2021); each adapted
 *     weight has a mask of its own
 * @param seed any number
 * @param residualDepth how residual dropout goes with depth
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record TrainingNoise(
    double neftuneAlpha,
    double embeddingDropout,
    double residualDropout,
    double attentionDropout,
    double adapterDropout,
    long seed,
    ResidualDepth residualDepth) {

  /** How the probability of residual dropout goes with depth. */
  public enum ResidualDepth {
    /** The same in every block. */
    EVEN,
    /** From 0 in the first block to the highest in the last, in equal steps (Zhou et al. 2023). */
    RISING
  }

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when one is out of range
   */
  public TrainingNoise {
    Rules.notNegative("neftuneAlpha", neftuneAlpha);
    Rules.fraction("embeddingDropout", embeddingDropout);
    Rules.fraction("residualDropout", residualDropout);
    Rules.fraction("attentionDropout", attentionDropout);
    Rules.fraction("adapterDropout", adapterDropout);
    Objects.requireNonNull(residualDepth, "residualDepth");
  }

  /**
   * Creates noise whose residual dropout is the same in every block.
   *
   * @param neftuneAlpha α of NEFTune, not negative
   * @param embeddingDropout probability in [0, 1)
   * @param residualDropout probability in [0, 1)
   * @param attentionDropout probability in [0, 1)
   * @param adapterDropout probability in [0, 1)
   * @param seed any number
   * @throws IllegalArgumentException when one is out of range
   */
  public TrainingNoise(
      double neftuneAlpha,
      double embeddingDropout,
      double residualDropout,
      double attentionDropout,
      double adapterDropout,
      long seed) {
    this(
        neftuneAlpha,
        embeddingDropout,
        residualDropout,
        attentionDropout,
        adapterDropout,
        seed,
        ResidualDepth.EVEN);
  }

  /**
   * Returns no noise.
   *
   * @return nothing of everything, and seed 0
   */
  public static TrainingNoise none() {
    return new TrainingNoise(0, 0, 0, 0, 0, 0);
  }

  /**
   * Returns this noise with NEFTune's.
   *
   * @param alpha α, not negative
   * @return new noise
   */
  public TrainingNoise neftune(double alpha) {
    return new TrainingNoise(
        alpha,
        embeddingDropout,
        residualDropout,
        attentionDropout,
        adapterDropout,
        seed,
        residualDepth);
  }

  /**
   * Returns this noise with dropout of one probability for embeddings, residuals and attention.
   *
   * @param probability in [0, 1)
   * @return new noise
   */
  public TrainingNoise dropout(double probability) {
    return new TrainingNoise(
        neftuneAlpha, probability, probability, probability, adapterDropout, seed);
  }

  /**
   * Returns this noise with residual dropout that rises with depth: {@code p_l = highest·l/(n − 1)}
   * in block l of n, and 0 where there is one block alone (Zhou et al. 2023, arXiv 2305.11206, with
   * 0.3, and 0.2 for smaller models).
   *
   * @param highest probability of the last block, in [0, 1)
   * @return new noise
   */
  public TrainingNoise risingResidualDropout(double highest) {
    return new TrainingNoise(
        neftuneAlpha,
        embeddingDropout,
        highest,
        attentionDropout,
        adapterDropout,
        seed,
        ResidualDepth.RISING);
  }

  /**
   * Returns the probability of residual dropout in a block.
   *
   * @param block its number, from 0
   * @param blocks how many there are
   * @return in [0, 1)
   * @throws IllegalArgumentException when there is no such block
   */
  public double residualDropout(int block, int blocks) {
    if (block < 0 || block >= blocks) {
      throw new IllegalArgumentException("block must be in [0, " + blocks + ") but was " + block);
    }
    return switch (residualDepth) {
      case EVEN -> residualDropout;
      case RISING -> blocks == 1 ? 0 : residualDropout * block / (blocks - 1);
    };
  }

  /**
   * Returns this noise with dropout of what adapters read.
   *
   * @param probability in [0, 1)
   * @return new noise
   */
  public TrainingNoise adapterDropout(double probability) {
    return new TrainingNoise(
        neftuneAlpha,
        embeddingDropout,
        residualDropout,
        attentionDropout,
        probability,
        seed,
        residualDepth);
  }

  /**
   * Returns this noise with another seed.
   *
   * @param newSeed any number
   * @return new noise
   */
  public TrainingNoise seed(long newSeed) {
    return new TrainingNoise(
        neftuneAlpha,
        embeddingDropout,
        residualDropout,
        attentionDropout,
        adapterDropout,
        newSeed,
        residualDepth);
  }

  /**
   * Returns whether there is any.
   *
   * @return false when everything is 0
   */
  public boolean isPresent() {
    return sites().any();
  }

  /** The places where graphs take it in. */
  NoiseSites sites() {
    return new NoiseSites(
        neftuneAlpha > 0,
        embeddingDropout > 0,
        residualDropout > 0,
        attentionDropout > 0,
        adapterDropout > 0);
  }
}
