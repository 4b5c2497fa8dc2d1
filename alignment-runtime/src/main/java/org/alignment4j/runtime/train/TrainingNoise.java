package org.alignment4j.runtime.train;

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
 *     stream
 * @param attentionDropout probability in [0, 1) for attention weights after the softmax
 * @param adapterDropout probability in [0, 1) for what adapters read (Hu et al. 2021); each adapted
 *     weight has a mask of its own
 * @param seed any number
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record TrainingNoise(
    double neftuneAlpha,
    double embeddingDropout,
    double residualDropout,
    double attentionDropout,
    double adapterDropout,
    long seed) {

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
        alpha, embeddingDropout, residualDropout, attentionDropout, adapterDropout, seed);
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
   * Returns this noise with dropout of what adapters read.
   *
   * @param probability in [0, 1)
   * @return new noise
   */
  public TrainingNoise adapterDropout(double probability) {
    return new TrainingNoise(
        neftuneAlpha, embeddingDropout, residualDropout, attentionDropout, probability, seed);
  }

  /**
   * Returns this noise with another seed.
   *
   * @param newSeed any number
   * @return new noise
   */
  public TrainingNoise seed(long newSeed) {
    return new TrainingNoise(
        neftuneAlpha, embeddingDropout, residualDropout, attentionDropout, adapterDropout, newSeed);
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
