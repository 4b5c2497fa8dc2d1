package org.alignment4j.rlhf.reward;

import org.apiguardian.api.API;

/**
 * Reward of a length: 1 from {@code min} to {@code max}, falling linearly to 0 at a distance of
 * {@code slack} outside, 0 beyond. Immutable and thread-safe.
 *
 * @param min shortest length that is right, from 0
 * @param max longest length that is right, at least {@code min}
 * @param slack distance from the band at which nothing is left, from 0; 0 makes a step
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record LengthBand(int min, int max, int slack) {

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when the band is empty or a value negative
   */
  public LengthBand {
    if (min < 0 || max < min || slack < 0) {
      throw new IllegalArgumentException(
          "min, slack and max - min must not be negative but min, max and slack were %s, %s and %s"
              .formatted(min, max, slack));
    }
  }

  /**
   * Returns the reward of a length.
   *
   * @param length from 0
   * @return the reward, in [0, 1]
   */
  public double reward(int length) {
    double distance = Math.max(0, Math.max((double) min - length, (double) length - max));
    if (distance == 0) {
      return 1;
    }
    return distance >= slack ? 0 : 1 - distance / slack;
  }
}
