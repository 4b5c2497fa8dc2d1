package org.alignment4j.rlhf.advantage;

import org.apiguardian.api.API;

/**
 * Drops completions of negative advantage from which the policy has moved away: those whose mean of
 * {@code log π_sampler − log π} over scored tokens exceeds a threshold (DeepSeek-V3.2, arXiv
 * 2512.02556, section 3.1; TRL {@code off_policy_mask_threshold}). Immutable and thread-safe.
 *
 * @param threshold the most allowed, in nats a token, finite and not negative
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record OffPolicySequenceMask(double threshold) {

  /**
   * Checks the setting.
   *
   * @throws IllegalArgumentException when the threshold is negative or not finite
   */
  public OffPolicySequenceMask {
    Settings.requireNotNegative("threshold", threshold);
  }

  /**
   * Returns which sequences are dropped, for {@link CompletionMask#without(boolean[])}.
   *
   * @param sampler log-probabilities that the sampler gave, covering the mask
   * @param policy log-probabilities under the policy, covering the mask
   * @param advantages advantage of each completion, {@code [sequences]}
   * @param mask which tokens are scored
   * @return whether each sequence is dropped
   * @throws IllegalArgumentException when the shapes do not match
   */
  public boolean[] dropped(
      TokenValues sampler, TokenValues policy, double[] advantages, CompletionMask mask) {
    Shapes.requireSequences("advantages", advantages.length, mask);
    double[] means = LogRatios.of(sampler, policy, mask).means();
    boolean[] dropped = new boolean[means.length];
    for (int s = 0; s < dropped.length; s++) {
      dropped[s] = advantages[s] < 0 && means[s] > threshold;
    }
    return dropped;
  }
}
