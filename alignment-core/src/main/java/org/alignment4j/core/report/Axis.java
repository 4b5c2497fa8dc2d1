package org.alignment4j.core.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A linear axis with round ticks, mapped onto pixels. */
final class Axis {

  private final double low;
  private final double high;
  private final double step;
  private final double pixelLow;
  private final double pixelHigh;

  private Axis(double low, double high, double step, double pixelLow, double pixelHigh) {
    this.low = low;
    this.high = high;
    this.step = step;
    this.pixelLow = pixelLow;
    this.pixelHigh = pixelHigh;
  }

  /** An axis whose ends are round numbers around all values; 0 to 1 when there are none. */
  static Axis around(List<Double> values, int intervals, double pixelLow, double pixelHigh) {
    double min = values.stream().mapToDouble(v -> v).filter(Double::isFinite).min().orElse(0);
    double max = values.stream().mapToDouble(v -> v).filter(Double::isFinite).max().orElse(1);
    if (max - min <= 1e-12 * Math.max(Math.abs(min), Math.abs(max)) || max == min) {
      double margin = min == 0 ? 0.5 : Math.abs(min) / 2;
      min -= margin;
      max += margin;
    }
    double step = roundStep((max - min) / intervals);
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

  String label(double tick) {
    if (tick != 0 && (Math.abs(tick) >= 1e6 || step < 1e-5)) {
      int digits = Math.max(2, 1 + (int) Math.ceil(Math.log10(Math.abs(tick) / step)));
      return String.format(Locale.ROOT, "%." + digits + "g", tick).replace('-', '−');
    }
    int decimals = (int) Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    return String.format(Locale.ROOT, "%." + decimals + "f", tick).replace('-', '−');
  }

  /** The next of 1, 2, 5 times a power of ten. */
  private static double roundStep(double raw) {
    double power = Math.pow(10, Math.floor(Math.log10(raw)));
    double digit = raw / power;
    return power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
  }
}
