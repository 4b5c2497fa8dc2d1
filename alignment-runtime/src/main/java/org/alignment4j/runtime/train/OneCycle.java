package org.alignment4j.runtime.train;

/**
 * Up along half a cosine and down along another, to far below the start. The first step has the
 * lowest rate of the rise and step {@code total - 1} the lowest of all, as in {@code
 * torch.optim.lr_scheduler.OneCycleLR}.
 *
 * @param peak highest rate
 * @param riseShare share of the run in which the rate rises, in [0, 1]
 * @param divFactor peak over the first rate, at least 1
 * @param finalDivFactor first rate over the last, at least 1
 */
record OneCycle(double peak, double riseShare, double divFactor, double finalDivFactor)
    implements LearningRateSchedule {
  OneCycle {
    ScheduleRules.checkRate("peak", peak);
    ScheduleRules.checkRatio("riseShare", riseShare);
    atLeastOne("divFactor", divFactor);
    atLeastOne("finalDivFactor", finalDivFactor);
  }

  private static void atLeastOne(String name, double value) {
    Rules.check(value >= 1 && Double.isFinite(value), name, "finite and at least 1", value);
  }

  @Override
  public double at(long step, long total) {
    ScheduleRules.checkStep(step, total);
    double first = peak / divFactor;
    double top = riseShare * total - 1;
    if (step < top) {
      return peak + (first - peak) * ScheduleRules.halfCosine(step / top);
    }
    double from = Math.max(top, 0);
    double length = total - 1 - from;
    double progress = length <= 0 ? 1 : Math.min(1, (step - from) / length);
    double last = first / finalDivFactor;
    return last + (peak - last) * ScheduleRules.halfCosine(progress);
  }
}
