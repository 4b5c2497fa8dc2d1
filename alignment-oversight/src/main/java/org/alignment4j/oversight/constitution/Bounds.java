package org.alignment4j.oversight.constitution;

import org.apiguardian.api.API;

/**
 * What labels are clamped to. A model that reasons before it chooses is nearly always certain, and
 * not rightly so (Bai et al. 2022, section 4.1).
 *
 * @param low the lowest label, from 0
 * @param high the highest label, to 1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Bounds(double low, double high) {
  /** Labels are left as they are. */
  public static final Bounds NONE = new Bounds(0, 1);

  /** Labels after reasoning: 0.4 to 0.6, the better of the ranges that the paper tried. */
  public static final Bounds REASONED = new Bounds(0.4, 0.6);

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException unless {@code 0 ≤ low ≤ ½ ≤ high ≤ 1}
   */
  public Bounds {
    if (!(low >= 0 && low <= 0.5 && high >= 0.5 && high <= 1)) {
      throw new IllegalArgumentException(
          "bounds must be 0 <= low <= 0.5 <= high <= 1 but were " + low + " and " + high);
    }
  }

  /** Returns a label within the bounds. */
  public double clamp(double label) {
    return Math.max(low, Math.min(high, label));
  }
}
