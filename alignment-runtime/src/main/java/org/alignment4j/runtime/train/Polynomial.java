package org.alignment4j.runtime.train;

/**
 * A power of what remains, from the peak down to the last rate.
 *
 * @param peak rate at step 0
 * @param last rate from step {@code total} on, not above the peak
 * @param power positive
 */
record Polynomial(double peak, double last, double power) implements LearningRateSchedule {
  Polynomial {
    ScheduleRules.checkRate("peak", peak);
    ScheduleRules.checkRate("last", last);
    Rules.positive("power", power);
    if (last > peak) {
      throw new IllegalArgumentException(
          "last must not be above the peak " + peak + " but was " + last);
    }
  }

  @Override
  public double at(long step, long total) {
    ScheduleRules.checkStep(step, total);
    double remaining = Math.max(0, (double) (total - step) / total);
    return last + (peak - last) * Math.pow(remaining, power);
  }
}
