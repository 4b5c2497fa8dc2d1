package org.alignment4j.core.statistics;

import java.util.Arrays;

/**
 * The resampled values of ratios of sums with one divisor. A resample is kept as how often each
 * item is in it, so that a ratio is a product with few numbers instead of a walk over many drawn
 * indices; it is otherwise what {@link Bootstrap#of(int, java.util.function.ToDoubleFunction)}
 * draws. Reused from ratio to ratio; used by one thread.
 */
final class RatioBootstrap {

  private final double[][] counts;
  private final double[] below;
  private final double[] sums;
  private final double[] ratios;

  /**
   * Resamples.
   *
   * @param counts how often each item is in each resample, {@code [item][resample]}
   * @param divisors what is summed below, by item
   */
  RatioBootstrap(double[][] counts, double[] divisors) {
    int resamples = counts[0].length;
    this.counts = counts;
    this.below = new double[resamples];
    this.sums = new double[resamples];
    this.ratios = new double[resamples];
    sum(divisors, below);
  }

  private void sum(double[] items, double[] into) {
    Arrays.fill(into, 0);
    for (int item = 0; item < items.length; item++) {
      double value = items[item];
      double[] often = counts[item];
      for (int r = 0; r < into.length; r++) {
        into[r] += often[r] * value;
      }
    }
  }

  /** The ratios of all resamples in which they are defined; valid until the next call. */
  Drawn drawn(double[] above) {
    sum(above, sums);
    int defined = 0;
    for (int r = 0; r < sums.length; r++) {
      double ratio = sums[r] / below[r];
      ratios[defined] = ratio;
      defined += Double.isFinite(ratio) ? 1 : 0;
    }
    return new Drawn(ratios, defined);
  }

  /**
   * Resampled values in any order.
   *
   * @param values the first {@code count} of them count
   */
  record Drawn(double[] values, int count) {

    /** The sample deviation (divisor n − 1), by four sums side by side. */
    double deviation() {
      double mean = 0;
      for (int pass = 0; pass < 2; pass++) {
        double[] sums = new double[4];
        for (int i = 0; i < count; i++) {
          sums[i & 3] += values[i] - mean;
        }
        mean += (sums[0] + sums[1] + sums[2] + sums[3]) / count;
      }
      double[] squares = new double[4];
      for (int i = 0; i < count; i++) {
        double distance = values[i] - mean;
        squares[i & 3] += distance * distance;
      }
      double sum = squares[0] + squares[1] + squares[2] + squares[3];
      return sum > 1e-200 && sum < 1e200
          ? Math.sqrt(sum / (count - 1))
          : Moments.deviation(Arrays.copyOf(values, count));
    }

    boolean varies() {
      for (int i = 1; i < count; i++) {
        if (values[i] != values[0]) {
          return true;
        }
      }
      return false;
    }

    /** As {@link Bootstrap#quantile} of the sorted values, for a level of at most one half. */
    double low(double level) {
      return tail(level, 1);
    }

    /** As {@link Bootstrap#quantile} of the sorted values at one minus the level. */
    double high(double level) {
      return tail(level, -1);
    }

    private double tail(double level, double sign) {
      double position = sign > 0 ? level * (count - 1) : (1 - level) * (count - 1);
      int below = (int) Math.floor(position);
      int above = Math.min(below + 1, count - 1);
      LeastValues least = new LeastValues(sign > 0 ? above + 1 : count - below);
      for (int i = 0; i < count; i++) {
        least.add(sign * values[i]);
      }
      double outer = sign * least.last();
      double inner = above == below ? outer : sign * least.secondLast();
      double lower = sign > 0 ? inner : outer;
      double upper = sign > 0 ? outer : inner;
      return lower + (position - below) * (upper - lower);
    }
  }
}
