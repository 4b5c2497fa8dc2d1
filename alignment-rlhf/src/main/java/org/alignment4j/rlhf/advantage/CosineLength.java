package org.alignment4j.rlhf.advantage;

import org.apiguardian.api.API;

/**
 * Cosine reward of length (Yeo et al. 2025, arXiv 2502.03373, section 3): from the value of a short
 * completion to that of a long one along half a cosine, {@code v_long + ½·(v_short − v_long)·(1 +
 * cos(π·len/Lmax))}, with values of their own for right and wrong answers. Immutable and
 * thread-safe.
 *
 * @param maxTokens Lmax, from 1; longer completions count as this long
 * @param correctShort reward of a right answer of no length; 1 is usual
 * @param correctLong reward of a right answer of Lmax tokens; 0.5 is usual
 * @param wrongShort reward of a wrong answer of no length; −1 is usual
 * @param wrongLong reward of a wrong answer of Lmax tokens; −0.5 is usual
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record CosineLength(
    int maxTokens, double correctShort, double correctLong, double wrongShort, double wrongLong) {

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when a value is out of range
   */
  public CosineLength {
    if (maxTokens < 1) {
      throw new IllegalArgumentException("maxTokens must be at least 1 but was " + maxTokens);
    }
    Settings.requireFinite("correctShort", correctShort);
    Settings.requireFinite("correctLong", correctLong);
    Settings.requireFinite("wrongShort", wrongShort);
    Settings.requireFinite("wrongLong", wrongLong);
  }

  /**
   * Returns the usual values: short right answers are best, short wrong ones worst.
   *
   * @param maxTokens Lmax, from 1
   * @return the reward
   * @throws IllegalArgumentException when Lmax is too small
   */
  public static CosineLength standard(int maxTokens) {
    return new CosineLength(maxTokens, 1, 0.5, -1, -0.5);
  }

  /**
   * Returns the reward of a completion.
   *
   * @param tokens its tokens, from 0
   * @param correct whether its answer is right
   * @return the reward
   */
  public double reward(int tokens, boolean correct) {
    double share = (double) Math.min(tokens, maxTokens) / maxTokens;
    double first = correct ? correctShort : wrongShort;
    double last = correct ? correctLong : wrongLong;
    return last + 0.5 * (first - last) * (1 + Math.cos(Math.PI * share));
  }
}
