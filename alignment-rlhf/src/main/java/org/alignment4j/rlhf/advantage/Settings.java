package org.alignment4j.rlhf.advantage;

/** Rules that settings of several classes share. */
final class Settings {

  private Settings() {}

  static void requirePositive(String name, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(name + " must be positive and finite but was " + value);
    }
  }

  /** Positive; infinity stands for no limit. */
  static void requireLimit(String name, double value) {
    if (!(value > 0)) {
      throw new IllegalArgumentException(
          name + " must be positive, or infinite for no limit, but was " + value);
    }
  }

  static void requireNotNegative(String name, double value) {
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(
          name + " must be finite and not negative but was " + value);
    }
  }

  static void requireFinite(String name, double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(name + " must be finite but was " + value);
    }
  }

  static void requireFraction(String name, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(name + " must be in [0, 1] but was " + value);
    }
  }

  /** Refuses what cannot be a measurement of a step. */
  static void requireMeasured(String name, double value, int sequences) {
    requireFinite(name, value);
    if (sequences < 1) {
      throw new IllegalArgumentException("sequences must be at least 1 but was " + sequences);
    }
  }
}
