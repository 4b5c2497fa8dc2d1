package org.alignment4j.runtime.train;

/**
 * {@code peak·sqrt(timescale/(timescale + step))}, whatever the length of the run.
 *
 * @param peak rate at step 0
 * @param timescale steps after which the rate is {@code peak/√2}, at least 1
 */
record InverseSquareRoot(double peak, long timescale) implements LearningRateSchedule {
  InverseSquareRoot {
    ScheduleRules.checkRate("peak", peak);
    if (timescale < 1) {
      throw new IllegalArgumentException("timescale must be at least 1 but was " + timescale);
    }
  }

  @Override
  public double at(long step, long total) {
    ScheduleRules.checkStep(step, total);
    return peak / Math.sqrt(1 + (double) step / timescale);
  }
}
