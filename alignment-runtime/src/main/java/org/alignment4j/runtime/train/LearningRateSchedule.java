package org.alignment4j.runtime.train;

import org.apiguardian.api.API;

/**
 * The learning rate as a pure function of the step. Shapes are those of Hugging Face transformers'
 * {@code get_*_schedule_with_warmup} and, for one cycle, those of PyTorch: step 0 is the first
 * update, and with a warm-up its rate is 0. Immutable and thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface LearningRateSchedule
    permits LearningRateSchedule.Constant,
        LearningRateSchedule.Linear,
        LearningRateSchedule.Cosine,
        LearningRateSchedule.WarmUp,
        CosineWithRestarts,
        Polynomial,
        InverseSquareRoot,
        StableThenDecay,
        OneCycle {

  /** How the rate falls at the end of {@link #stableThenDecay}; x goes from 0 to 1. */
  enum Decay {
    /** {@code 1 - x} */
    LINEAR,
    /** {@code (1 + cos πx)/2} */
    COSINE,
    /** {@code 1 - √x} (Hägele et al. 2024, arXiv 2405.18392, equation 2) */
    ONE_MINUS_SQRT
  }

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
   * Returns half cosines of equal length, each beginning at the peak again (Loshchilov and Hutter
   * 2017, equation 5, cycles of equal length).
   *
   * @param peak rate at the start of each cycle
   * @param cycles how many, at least 1
   * @param minRatio lowest rate over the highest, in [0, 1]; the rate from step {@code total} on
   * @return the schedule
   */
  static LearningRateSchedule cosineWithRestarts(double peak, int cycles, double minRatio) {
    return new CosineWithRestarts(peak, cycles, minRatio);
  }

  /**
   * Returns {@code last + (peak - last)·(1 - step/total)^power}.
   *
   * @param peak rate at step 0
   * @param last rate from step {@code total} on, not above the peak
   * @param power positive; 1 is a straight line
   * @return the schedule
   */
  static LearningRateSchedule polynomial(double peak, double last, double power) {
    return new Polynomial(peak, last, power);
  }

  /**
   * Returns {@code peak/sqrt(1 + step/timescale)}, which does not depend on the length of the run.
   * After a warm-up of {@code timescale} steps this is the schedule of Vaswani et al. (2017,
   * equation 3), {@code peak·sqrt(warmUp/step)} with steps counted from the start.
   *
   * @param peak rate at step 0
   * @param timescale steps after which the rate is {@code peak/√2}, at least 1
   * @return the schedule
   */
  static LearningRateSchedule inverseSquareRoot(double peak, long timescale) {
    return new InverseSquareRoot(peak, timescale);
  }

  /**
   * Returns the peak until the last steps, in which the rate falls: with {@link #warmUp},
   * warm-up-stable-decay (Hu et al. 2024, arXiv 2404.06395, section 4).
   *
   * @param peak rate until the decay
   * @param decaySteps length of the decay, not negative; longer than the run, all of it decays
   * @param decay its form
   * @param minRatio rate at step {@code total} over the peak, in [0, 1]
   * @return the schedule
   */
  static LearningRateSchedule stableThenDecay(
      double peak, long decaySteps, Decay decay, double minRatio) {
    return new StableThenDecay(peak, decaySteps, decay, minRatio);
  }

  /**
   * Returns one cycle (Smith and Topin 2018, arXiv 1708.07120), in two phases along half cosines as
   * {@code torch.optim.lr_scheduler.OneCycleLR} has it: from {@code peak/divFactor} up to {@code
   * peak} at step {@code riseShare·total - 1}, then down to {@code peak/(divFactor·finalDivFactor)}
   * at step {@code total - 1}. Momentum does not cycle.
   *
   * @param peak highest rate
   * @param riseShare share of the run in which the rate rises, in [0, 1]; 0.3 is usual
   * @param divFactor peak over the first rate, at least 1; 25 is usual
   * @param finalDivFactor first rate over the last, at least 1; 1e4 is usual
   * @return the schedule
   */
  static LearningRateSchedule oneCycle(
      double peak, double riseShare, double divFactor, double finalDivFactor) {
    return new OneCycle(peak, riseShare, divFactor, finalDivFactor);
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
      ScheduleRules.checkRate("rate", rate);
    }

    @Override
    public double at(long step, long total) {
      ScheduleRules.checkStep(step, total);
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
      ScheduleRules.checkRate("peak", peak);
    }

    @Override
    public double at(long step, long total) {
      ScheduleRules.checkStep(step, total);
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
      ScheduleRules.checkRate("peak", peak);
      ScheduleRules.checkRatio("minRatio", minRatio);
    }

    @Override
    public double at(long step, long total) {
      ScheduleRules.checkStep(step, total);
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
      ScheduleRules.checkStep(step, total);
      long rest = Math.max(1, total - steps);
      if (step < steps) {
        return then.at(0, rest) * ((double) step / steps);
      }
      return then.at(step - steps, rest);
    }
  }
}
