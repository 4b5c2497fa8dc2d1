package org.alignment4j.runtime.train;

/** Rules that settings of several optimisers share. */
final class Rules {

  private Rules() {}

  static void fraction(String name, double value) {
    check(value >= 0 && value < 1, name, "in [0, 1)", value);
  }

  static void positive(String name, double value) {
    check(value > 0 && Double.isFinite(value), name, "positive and finite", value);
  }

  static void notNegative(String name, double value) {
    check(value >= 0 && Double.isFinite(value), name, "finite and not negative", value);
  }

  static void check(boolean holds, String name, String rule, double value) {
    if (!holds) {
      throw new IllegalArgumentException(name + " must be " + rule + " but was " + value);
    }
  }
}
