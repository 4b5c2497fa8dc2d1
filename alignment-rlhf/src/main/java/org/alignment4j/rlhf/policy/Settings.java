package org.alignment4j.rlhf.policy;

/** Rules that settings of several losses share. */
final class Settings {

  private Settings() {}

  static void requirePositive(String name, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(name + " must be positive and finite but was " + value);
    }
  }

  static void requireNotNegative(String name, double value) {
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(
          name + " must be finite and not negative but was " + value);
    }
  }

  /** The interval [1 − low, 1 + high], in which a ratio of 1 must lie. */
  static void requireClip(double epsilonLow, double epsilonHigh) {
    if (!(epsilonLow >= 0 && epsilonLow <= 1)) {
      throw new IllegalArgumentException("epsilonLow must be in [0, 1] but was " + epsilonLow);
    }
    requireNotNegative("epsilonHigh", epsilonHigh);
  }
}
