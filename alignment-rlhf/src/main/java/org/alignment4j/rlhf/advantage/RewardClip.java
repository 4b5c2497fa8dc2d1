package org.alignment4j.rlhf.advantage;

import org.apiguardian.api.API;

/**
 * Bounds the magnitude of rewards. Immutable and thread-safe.
 *
 * @param limit the bound, positive and finite; 10 in OpenRLHF, 5 in DeepSpeed-Chat
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RewardClip(double limit) {

  /**
   * Checks the setting.
   *
   * @throws IllegalArgumentException when the bound is not positive and finite
   */
  public RewardClip {
    Settings.requirePositive("limit", limit);
  }

  /**
   * Clips rewards.
   *
   * @param rewards the rewards
   * @return new rewards in {@code [−limit, limit]}
   */
  public double[] apply(double[] rewards) {
    double[] out = rewards.clone();
    for (int s = 0; s < out.length; s++) {
      out[s] = Math.max(-limit, Math.min(limit, out[s]));
    }
    return out;
  }

  /**
   * Returns which share of rewards clipping changes; a large one means that the bound, not the
   * reward model, decides.
   *
   * @param rewards the rewards before clipping
   * @return the share, in [0, 1]; 0 of nothing
   */
  public double clippedShare(double[] rewards) {
    int clipped = 0;
    for (double reward : rewards) {
      clipped += Math.abs(reward) > limit ? 1 : 0;
    }
    return rewards.length == 0 ? 0 : (double) clipped / rewards.length;
  }
}
