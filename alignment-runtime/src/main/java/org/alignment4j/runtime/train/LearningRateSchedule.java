package org.alignment4j.runtime.train;

import org.apiguardian.api.API;

/**
 * The learning rate as a pure function of the step. Shapes are those of Hugging Face transformers'
 * {@code get_*_schedule_with_warmup}: step 0 is the first update, and with a warm-up its rate is 0.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface LearningRateSchedule {

  /**
   * Returns the rate of one update.
   *
   * @param step updates already made, from 0
   * @param total updates of the whole run, at least 1
   * @return the learning rate
   * @throws IllegalArgumentException when {@code step} is negative or {@code total} below 1
   */
  double at(long step, long total);

  /**
   * Returns the same rate throughout.
   *
   * @param rate not negative
   * @return the schedule
   */
  static LearningRateSchedule constant(double rate) {
    return new Constant(rate);
  }

  /**
   * Returns a straight line from {@code peak} at step 0 to 0 at step {@code total}.
   *
   * @param peak rate at step 0
   * @return the schedule
   */
  static LearningRateSchedule linear(double peak) {
    return new Linear(peak);
  }

  /**
   * Returns half a cosine from {@code peak} down to {@code minRatio·peak} (Loshchilov and Hutter
   * 2017, equation 5).
   *
   * @param peak rate at step 0
   * @param minRatio last rate over the first, in [0, 1]
   * @return the schedule
   */
  static LearningRateSchedule cosine(double peak, double minRatio) {
    return new Cosine(peak, minRatio);
  }

  /**
   * Returns this schedule after a linear warm-up from 0.
   *
   * @param steps length of the warm-up, not negative; the schedule runs over the remaining steps
   * @return the schedule
   */
  default LearningRateSchedule warmUp(long steps) {
    return new WarmUp(steps, this);
  }

  /**
   * The same rate throughout.
   *
   * @param rate not negative
   */
  record Constant(double rate) implements LearningRateSchedule {
    public Constant {
      checkRate("rate", rate);
    }

    @Override
    public double at(long step, long total) {
      checkStep(step, total);
      return rate;
    }
  }

  /**
   * A straight line down to 0 at step {@code total}.
   *
   * @param peak rate at step 0
   */
  record Linear(double peak) implements LearningRateSchedule {
    public Linear {
      checkRate("peak", peak);
    }

    @Override
    public double at(long step, long total) {
      checkStep(step, total);
      return peak * Math.max(0, (double) (total - step) / total);
    }
  }

  /**
   * Half a cosine.
   *
   * @param peak rate at step 0
   * @param minRatio last rate over the first, in [0, 1]
   */
  record Cosine(double peak, double minRatio) implements LearningRateSchedule {
    public Cosine {
      checkRate("peak", peak);
      if (!(minRatio >= 0 && minRatio <= 1)) {
        throw new IllegalArgumentException("minRatio must be in [0, 1] but was " + minRatio);
      }
    }

    @Override
    public double at(long step, long total) {
      checkStep(step, total);
      double progress = Math.min(1, (double) step / total);
      return peak * (minRatio + (1 - minRatio) * 0.5 * (1 + Math.cos(Math.PI * progress)));
    }
  }

  /**
   * A linear warm-up from 0 to the first rate of what follows.
   *
   * @param steps its length, not negative
   * @param then what follows, over the remaining steps
   */
  record WarmUp(long steps, LearningRateSchedule then) implements LearningRateSchedule {
    public WarmUp {
      if (steps < 0) {
        throw new IllegalArgumentException("steps must not be negative but was " + steps);
      }
    }

    @Override
    public double at(long step, long total) {
      checkStep(step, total);
      long rest = Math.max(1, total - steps);
      if (step < steps) {
        return then.at(0, rest) * ((double) step / steps);
      }
      return then.at(step - steps, rest);
    }
  }

  private static void checkStep(long step, long total) {
    if (step < 0) {
      throw new IllegalArgumentException("step must not be negative but was " + step);
    }
    if (total < 1) {
      throw new IllegalArgumentException("total must be at least 1 but was " + total);
    }
  }

  private static void checkRate(String name, double rate) {
    if (!(rate >= 0) || Double.isInfinite(rate)) {
      throw new IllegalArgumentException(name + " must be finite and not negative but was " + rate);
    }
  }
}
