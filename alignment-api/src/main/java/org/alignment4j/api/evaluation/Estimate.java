package org.alignment4j.api.evaluation;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;
import org.apiguardian.api.API;

/**
 * A figure with its uncertainty and what it rests on.
 *
 * @param value the estimate; NaN only when nothing was observed ({@code n = 0})
 * @param standardError the standard error, in the unit of the value; NaN when it cannot be known,
 *     such as from one observation
 * @param ciLow lower end of the confidence interval, at most the value; NaN when it cannot be known
 * @param ciHigh upper end of the confidence interval, at least the value; NaN when it cannot be
 *     known
 * @param confidence level of the interval, such as 0.95
 * @param n observations behind the value
 * @param clusters independent groups among them; equal to {@code n} when all are independent
 * @param unscored observations without a verdict, left out of the value
 * @param failed observations whose call failed, left out of the value
 */
@API(status = API.Status.STABLE, since = "0.1")
public record Estimate(
    double value,
    double standardError,
    double ciLow,
    double ciHigh,
    double confidence,
    long n,
    long clusters,
    long unscored,
    long failed) {

  /** Of the interval's width, as many digits as say something. */
  private static final int WIDTH_DIGITS = 2;

  /** More decimals or larger numbers are written with an exponent. */
  private static final int MOST_DECIMALS = 9;

  private static final double LARGEST_PLAIN = 1e12;

  private static final double USUAL_CONFIDENCE = 0.95;

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when a count is negative, there are more clusters than
   *     observations or none although something was observed, the standard error is negative, the
   *     interval is reversed or does not contain the value, the level is outside (0, 1), the value
   *     is NaN although something was observed, or a figure is infinite
   */
  public Estimate {
    if (n < 0 || clusters < 0 || unscored < 0 || failed < 0) {
      throw new IllegalArgumentException(
          "n, clusters, unscored and failed must not be negative but were "
              + n
              + ", "
              + clusters
              + ", "
              + unscored
              + " and "
              + failed);
    }
    if (clusters > n) {
      throw new IllegalArgumentException(
          "clusters must be at most n = " + n + " but was " + clusters);
    }
    if (clusters == 0 && n > 0) {
      throw new IllegalArgumentException(
          "clusters must be at least 1 when n = "
              + n
              + " but was 0; give n when all observations are independent");
    }
    requireNotInfinite("value", value);
    requireNotInfinite("standardError", standardError);
    requireNotInfinite("ciLow", ciLow);
    requireNotInfinite("ciHigh", ciHigh);
    if (Double.isNaN(value) && n > 0) {
      throw new IllegalArgumentException("value must be a number when n = " + n + " but was NaN");
    }
    if (standardError < 0) {
      throw new IllegalArgumentException(
          "standardError must not be negative but was " + standardError);
    }
    if (ciLow > ciHigh || Double.isNaN(ciLow) != Double.isNaN(ciHigh)) {
      throw new IllegalArgumentException(
          "ciLow must be at most ciHigh but they were " + ciLow + " and " + ciHigh);
    }
    if (!Double.isNaN(ciLow) && !(ciLow <= value && value <= ciHigh)) {
      throw new IllegalArgumentException(
          "value must be in [ciLow, ciHigh] = [" + ciLow + ", " + ciHigh + "] but was " + value);
    }
    if (!(confidence > 0 && confidence < 1)) {
      throw new IllegalArgumentException("confidence must be in (0, 1) but was " + confidence);
    }
  }

  private static void requireNotInfinite(String name, double figure) {
    if (Double.isInfinite(figure)) {
      throw new IllegalArgumentException(
          name + " must be a finite number, or NaN when unknown, but was " + figure);
    }
  }

  /**
   * Returns whether the interval contains a value.
   *
   * @param other the value asked about
   * @return true when it lies in the interval, ends included; false when the interval is unknown
   */
  public boolean contains(double other) {
    return ciLow <= other && other <= ciHigh;
  }

  /**
   * Returns the figure as text, such as {@code 0.713 [0.662, 0.759] (n = 200)}: to as many decimals
   * as give two digits of the interval's width, without brackets when the interval is unknown, and
   * with the level, as in {@code (90 %, n = 200)}, when it is not 0.95. Where the observations are
   * all alike and therefore do not show how far others may lie, it says so.
   */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    if (Double.isNaN(ciLow)) {
      text.append(Double.isNaN(value) ? "unknown" : written(value, Double.NaN)).append(" (");
    } else {
      double width = ciHigh - ciLow;
      text.append(written(value, width));
      text.append(" [").append(written(ciLow, width));
      text.append(", ").append(written(ciHigh, width)).append("] (");
      if (confidence != USUAL_CONFIDENCE) {
        text.append(percent(confidence)).append(" %, ");
      }
    }
    text.append("n = ").append(n);
    if (clusters != n) {
      text.append(", clusters = ").append(clusters);
    }
    if (n > 1 && standardError == 0 && Double.isNaN(ciLow)) {
      text.append(", no interval as nothing varies");
    }
    if (unscored > 0) {
      text.append(", unscored = ").append(unscored);
    }
    if (failed > 0) {
      text.append(", failed = ").append(failed);
    }
    return text.append(')').toString();
  }

  private static String written(double figure, double width) {
    boolean known = width > 0 && width < Double.POSITIVE_INFINITY;
    int decimals = known ? WIDTH_DIGITS - 1 - (int) Math.floor(Math.log10(width)) : MOST_DECIMALS;
    if (!known || decimals > MOST_DECIMALS || Math.abs(figure) >= LARGEST_PLAIN) {
      return String.format(Locale.ROOT, "%.4g", figure + 0.0);
    }
    String text = String.format(Locale.ROOT, "%." + Math.max(0, decimals) + "f", figure);
    // A figure that rounds to zero has no sign worth showing.
    return text.matches("-0(\\.0*)?") ? text.substring(1) : text;
  }

  private static String percent(double share) {
    return BigDecimal.valueOf(share)
        .movePointRight(2)
        .round(new MathContext(6))
        .stripTrailingZeros()
        .toPlainString();
  }
}
