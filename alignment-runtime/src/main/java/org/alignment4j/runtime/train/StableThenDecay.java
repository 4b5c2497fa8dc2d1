package org.alignment4j.runtime.train;

import java.util.Objects;

/**
 * The peak, then a decay over the last steps.
 *
 * @param peak rate until the decay
 * @param decaySteps length of the decay, not negative; longer than the run, all of it decays
 * @param decay its form
 * @param minRatio last rate over the peak, in [0, 1]
 */
record StableThenDecay(double peak, long decaySteps, Decay decay, double minRatio)
    implements LearningRateSchedule {
  StableThenDecay {
    ScheduleRules.checkRate("peak", peak);
    ScheduleRules.checkRatio("minRatio", minRatio);
    Objects.requireNonNull(decay, "decay");
    if (decaySteps < 0) {
      throw new IllegalArgumentException("decaySteps must not be negative but was " + decaySteps);
    }
  }

  @Override
  public double at(long step, long total) {
    ScheduleRules.checkStep(step, total);
    long length = Math.min(decaySteps, total);
    long stable = total - length;
    if (step <= stable && step < total) {
      return peak;
    }
    double progress = step >= total ? 1 : (double) (step - stable) / length;
    double factor =
        switch (decay) {
          case LINEAR -> 1 - progress;
          case COSINE -> ScheduleRules.halfCosine(progress);
          case ONE_MINUS_SQRT -> 1 - Math.sqrt(progress);
        };
    return peak * (minRatio + (1 - minRatio) * factor);
  }
}
