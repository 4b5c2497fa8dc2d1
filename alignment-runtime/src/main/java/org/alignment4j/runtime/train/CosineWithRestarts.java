package org.alignment4j.runtime.train;

/**
 * Half cosines of equal length, each from the peak (Loshchilov and Hutter 2017, equation 5, with
 * T_mult 1).
 *
 * @param peak rate at the start of each cycle
 * @param cycles how many, at least 1
 * @param minRatio lowest rate over the highest, in [0, 1]
 */
record CosineWithRestarts(double peak, int cycles, double minRatio)
    implements LearningRateSchedule {
  CosineWithRestarts {
    ScheduleRules.checkRate("peak", peak);
    ScheduleRules.checkRatio("minRatio", minRatio);
    if (cycles < 1) {
      throw new IllegalArgumentException("cycles must be at least 1 but was " + cycles);
    }
  }

  @Override
  public double at(long step, long total) {
    ScheduleRules.checkStep(step, total);
    if (step >= total) {
      return peak * minRatio;
    }
    // In whole numbers, so that a cycle starts at the peak and not a rounding before it.
    double progress = (double) (step * cycles % total) / total;
    return peak * (minRatio + (1 - minRatio) * ScheduleRules.halfCosine(progress));
  }
}
