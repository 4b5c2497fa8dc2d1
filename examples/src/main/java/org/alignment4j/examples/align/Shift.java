package org.alignment4j.examples.align;

import java.util.Locale;
import org.alignment4j.api.evaluation.Estimate;

/** A share before and after, in words that claim no more than the intervals do. */
final class Shift {

  private Shift() {}

  /**
   * Returns a clause such as {@code right answers rose from 86 % to 100 %}. It says rose or fell
   * only where the interval of the growth over the same items leaves out 0.
   *
   * @param name what is counted
   * @param before share before, in 0 to 1
   * @param after share after, in 0 to 1
   * @param growth the mean of after minus before over the items; without interval when it is the
   *     same for all
   */
  static String clause(String name, Estimate before, Estimate after, Estimate growth) {
    String from = percent(before);
    String to = percent(after);
    boolean same = Double.isNaN(growth.ciLow());
    if (growth.ciLow() > 0 || (same && growth.value() > 0)) {
      return name + " rose from " + from + " to " + to;
    }
    if (growth.ciHigh() < 0 || (same && growth.value() < 0)) {
      return name + " fell from " + from + " to " + to;
    }
    return name + " went from " + from + " to " + to + ", which the items do not tell apart";
  }

  /** A whole percentage; 100 % and 0 % are said only of all and none. */
  static String percent(Estimate share) {
    double percent = 100 * share.value();
    boolean rounded = (percent > 99.5 && percent < 100) || (percent > 0 && percent < 0.5);
    return String.format(Locale.ROOT, rounded ? "%.1f\u00a0%%" : "%.0f\u00a0%%", percent);
  }
}
