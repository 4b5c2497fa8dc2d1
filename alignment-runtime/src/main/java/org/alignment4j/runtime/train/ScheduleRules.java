package org.alignment4j.runtime.train;

/** Rules that learning-rate schedules share. */
final class ScheduleRules {

  private ScheduleRules() {}

  static void checkStep(long step, long total) {
    if (step < 0) {
      throw new IllegalArgumentException("step must not be negative but was " + step);
    }
    if (total < 1) {
      throw new IllegalArgumentException("total must be at least 1 but was " + total);
    }
  }

  static void checkRate(String name, double rate) {
    Rules.notNegative(name, rate);
  }

  static void checkRatio(String name, double ratio) {
    Rules.check(ratio >= 0 && ratio <= 1, name, "in [0, 1]", ratio);
  }

  /** From 1 at progress 0 to 0 at progress 1, along half a cosine. */
  static double halfCosine(double progress) {
    return 0.5 * (1 + Math.cos(Math.PI * progress));
  }
}
