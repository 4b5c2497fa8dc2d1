package org.alignment4j.rlhf.advantage;

import org.apiguardian.api.API;

/**
 * Soft overlong punishment (Yu et al. 2025, DAPO, arXiv 2503.14476, eq. 13): 0 up to {@code Lmax −
 * Lc} tokens, then falling linearly to −1 at Lmax, −1 beyond. Immutable and thread-safe.
 *
 * @param maxTokens Lmax, from 1
 * @param buffer Lc, from 0 to Lmax; 0 makes a step behind Lmax
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SoftOverlong(int maxTokens, int buffer) {

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when a value is out of range
   */
  public SoftOverlong {
    if (maxTokens < 1 || buffer < 0 || buffer > maxTokens) {
      throw new IllegalArgumentException(
          "maxTokens must be at least 1 and buffer in [0, maxTokens] but were %s and %s"
              .formatted(maxTokens, buffer));
    }
  }

  /**
   * Returns the reward of a completion.
   *
   * @param tokens its tokens, from 0
   * @return the reward, in [−1, 0]
   */
  public double reward(int tokens) {
    int free = maxTokens - buffer;
    if (tokens <= free) {
      return 0;
    }
    return tokens >= maxTokens ? -1 : (double) (free - tokens) / buffer;
  }
}
