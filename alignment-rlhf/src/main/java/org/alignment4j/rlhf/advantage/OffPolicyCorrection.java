package org.alignment4j.rlhf.advantage;

import org.apiguardian.api.API;

/**
 * Factors on the losses of tokens for samples drawn by another engine than the trainer: {@code w =
 * exp(log π_trainer − log π_sampler)}, bounded in one way or another. They are numbers, through
 * which no gradient flows. Equal engines give exactly 1. Implementations are immutable and
 * thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface OffPolicyCorrection
    permits CappedImportance, IcePop, SequenceFilteredImportance {

  /**
   * Returns the factors.
   *
   * @param trainer log-probabilities of the sampled tokens under the trainer's policy at the time
   *     of sampling, covering the mask
   * @param sampler log-probabilities that the sampler gave, covering the mask
   * @param mask which tokens are scored
   * @return factors, shaped as the mask, 0 at tokens that are not scored
   * @throws IllegalArgumentException when the shapes do not match
   */
  TokenValues weights(TokenValues trainer, TokenValues sampler, CompletionMask mask);

  /**
   * Returns of what a factor is the weight.
   *
   * @return whether each token has one of its own, or the tokens of a completion share one
   */
  default CappedImportance.Level level() {
    return CappedImportance.Level.TOKEN;
  }

  /**
   * Returns truncated importance sampling at tokens: {@code min(w, cap)}.
   *
   * @param cap at least 1; 3 in TRL
   * @return the correction
   * @throws IllegalArgumentException when the cap is below 1
   */
  static OffPolicyCorrection truncated(double cap) {
    return new CappedImportance(
        cap, CappedImportance.Level.TOKEN, CappedImportance.Beyond.TRUNCATE);
  }

  /**
   * Returns masked importance sampling at tokens: w up to the cap, 0 beyond.
   *
   * @param cap at least 1; 3 in TRL
   * @return the correction
   * @throws IllegalArgumentException when the cap is below 1
   */
  static OffPolicyCorrection masked(double cap) {
    return new CappedImportance(cap, CappedImportance.Level.TOKEN, CappedImportance.Beyond.MASK);
  }
}
