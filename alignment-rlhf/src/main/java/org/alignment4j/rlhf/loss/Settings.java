package org.alignment4j.rlhf.loss;

/** Rules that settings of several losses share. */
final class Settings {

  private Settings() {}

  static void requireBeta(double beta) {
    if (!(beta > 0) || Double.isInfinite(beta)) {
      throw new IllegalArgumentException("beta must be positive and finite but was " + beta);
    }
  }

  static void requireNotNegative(String name, double value) {
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(
          name + " must be finite and not negative but was " + value);
    }
  }

  static void requireBelowHalf(String name, double value) {
    if (!(value >= 0 && value < 0.5)) {
      throw new IllegalArgumentException(name + " must be in [0, 0.5) but was " + value);
    }
  }
}
