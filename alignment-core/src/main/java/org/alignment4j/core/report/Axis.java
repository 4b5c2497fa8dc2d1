package org.alignment4j.core.report;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;

/** A linear axis with round ticks, mapped onto pixels. */
final class Axis {

  /** Ticks closer together than this, or as large as the next, may have exponents. */
  private static final double SMALL = 1e-3;

  private static final double LARGE = 1e6;

  private final double low;
  private final double high;
  private final double step;
  private final double pixelLow;
  private final double pixelHigh;
  private final boolean exponents;

  private Axis(double low, double high, double step, double pixelLow, double pixelHigh) {
    this.low = low;
    this.high = high;
    this.step = step;
    this.pixelLow = pixelLow;
    this.pixelHigh = pixelHigh;
    this.exponents = shorterWithExponents();
  }

  /** An axis whose ends are round numbers around all values; 0 to 1 when there are none. */
  static Axis around(List<Double> values, int intervals, double pixelLow, double pixelHigh) {
    return around(values, intervals, 0, pixelLow, pixelHigh);
  }

  /** The same for values that are steps when they are whole: nothing lies between two of them. */
  static Axis ofSteps(List<Double> values, int intervals, double pixelLow, double pixelHigh) {
    boolean whole = values.stream().filter(Double::isFinite).allMatch(v -> v == Math.rint(v));
    return around(values, intervals, whole ? 1 : 0, pixelLow, pixelHigh);
  }

  private static Axis around(
      List<Double> values, int intervals, double leastStep, double pixelLow, double pixelHigh) {
    double min = values.stream().mapToDouble(v -> v).filter(Double::isFinite).min().orElse(0);
    double max = values.stream().mapToDouble(v -> v).filter(Double::isFinite).max().orElse(1);
    if (max - min <= 1e-12 * Math.max(Math.abs(min), Math.abs(max)) || max == min) {
      double margin = min == 0 ? 0.5 : Math.abs(min) / 2;
      // No step comes before the first.
      min -= min == 0 && leastStep > 0 ? 0 : margin;
      max += margin;
    }
    double step = Math.max(leastStep, roundStep((max - min) / intervals));
    return new Axis(
        Math.floor(min / step + 1e-9) * step,
        Math.ceil(max / step - 1e-9) * step,
        step,
        pixelLow,
        pixelHigh);
  }

  double pixel(double value) {
    return pixelLow + (value - low) / (high - low) * (pixelHigh - pixelLow);
  }

  List<Double> ticks() {
    List<Double> ticks = new ArrayList<>();
    long count = Math.round((high - low) / step);
    for (long i = 0; i <= count; i++) {
      double tick = low + i * step;
      ticks.add(Math.abs(tick) < step * 1e-9 ? 0 : tick);
    }
    return ticks;
  }

  /** As short as tells neighbours apart: {@code 0.25}, {@code 2.5e−6}. */
  String label(double tick) {
    return exponents ? withExponent(tick) : plain(tick);
  }

  private boolean shorterWithExponents() {
    return (step < SMALL || Math.max(Math.abs(low), Math.abs(high)) >= LARGE)
        && longest(this::withExponent) <= longest(this::plain);
  }

  private int longest(DoubleFunction<String> label) {
    return ticks().stream().mapToInt(tick -> label.apply(tick).length()).max().orElse(0);
  }

  private String plain(double tick) {
    if (!Double.isFinite(tick)) {
      return Figures.significant(tick);
    }
    return rounded(tick, Math.max(0, decimals())).toPlainString().replace('-', '−');
  }

  private String withExponent(double tick) {
    if (!Double.isFinite(tick)) {
      return Figures.significant(tick);
    }
    BigDecimal value = rounded(tick, decimals()).stripTrailingZeros();
    if (value.signum() == 0) {
      return "0";
    }
    int exponent = value.precision() - value.scale() - 1;
    String digits = value.scaleByPowerOfTen(-exponent).toPlainString();
    return (exponent == 0 ? digits : digits + "e" + exponent).replace('-', '−');
  }

  private static BigDecimal rounded(double tick, int decimals) {
    return new BigDecimal(tick).setScale(decimals, RoundingMode.HALF_EVEN);
  }

  /** Digits behind the point that the step needs; below zero when it is a multiple of ten. */
  private int decimals() {
    return (int) -Math.floor(Math.log10(step) + 1e-9);
  }

  /** The next of 1, 2, 5 times a power of ten. */
  private static double roundStep(double raw) {
    double power = Math.pow(10, Math.floor(Math.log10(raw)));
    double digit = raw / power - 1e-9; // 2 is not 5 for an error of rounding
    return power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
  }
}
