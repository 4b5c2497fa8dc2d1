package org.alignment4j.examples.conformance;

import java.util.Locale;

/**
 * The distance of a number from the reference, beside what is allowed there.
 *
 * @param error absolute distance; NaN where nothing numeric was compared
 * @param limit most that is allowed at this element
 */
public record Deviation(double error, double limit) {

  private static final Deviation NONE = new Deviation(Double.NaN, Double.NaN);

  /** No number was compared. */
  public static Deviation none() {
    return NONE;
  }

  /** Whether nothing numeric was compared. */
  public boolean isNone() {
    return Double.isNaN(error);
  }

  /** Whether the distance is within the limit. */
  public boolean holds() {
    return error <= limit;
  }

  /** The deviation that takes more of its limit; none loses against any other. */
  Deviation worse(Deviation other) {
    if (isNone()) {
      return other;
    }
    return other.isNone() || share() >= other.share() ? this : other;
  }

  private double share() {
    if (limit == 0) {
      return error == 0 ? 0 : Double.POSITIVE_INFINITY;
    }
    return error / limit;
  }

  @Override
  public String toString() {
    return isNone() ? "exact" : String.format(Locale.ROOT, "%.2e of %.1e", error, limit);
  }
}
