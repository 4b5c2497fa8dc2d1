package org.alignment4j.interp.patch;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.statistics.Bootstrap;
import org.apiguardian.api.API;

/** The normalised effect of a change (Wang et al. 2022), on plain numbers. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class PatchEffects {

  /** Two metrics nearer than this to each other, relative to their size, cannot be told apart. */
  private static final double RESOLUTION = 1e-6;

  private PatchEffects() {}

  /**
   * Returns {@code sum(change) / sum(range)} with its interval over pairs.
   *
   * @param change what the intervention changed, by pair
   * @param range the metric's whole way from the base run to the source run, by pair
   * @param bootstrap the interval; a single pair has none
   * @return the effect
   */
  public static Estimate ratio(double[] change, double[] range, Bootstrap bootstrap) {
    ToDoubleFunction<int[]> figure =
        items -> {
          double above = 0;
          double below = 0;
          for (int item : items) {
            above += change[item];
            below += range[item];
          }
          return below == 0 ? Double.NaN : above / below;
        };
    return bootstrap.of(change.length, figure).estimate();
  }

  /**
   * Checks that a share of the way between two metrics is defined.
   *
   * @param clean the metric of the clean prompts, by pair
   * @param corrupted the metric of the corrupted prompts, by pair
   * @throws IllegalArgumentException when their means are equal up to rounding, or not finite
   */
  public static void requireContrast(double[] clean, double[] corrupted) {
    double high = Arrays.stream(clean).average().orElse(Double.NaN);
    double low = Arrays.stream(corrupted).average().orElse(Double.NaN);
    double difference = Math.abs(high - low);
    if (!(difference > RESOLUTION * Math.max(Math.abs(high), Math.abs(low)))) {
      throw new IllegalArgumentException(
          "the metric must differ between clean and corrupted prompts but its means were "
              + high
              + " and "
              + low
              + ", so that a share of the way between them is undefined; choose other prompts or"
              + " another metric");
    }
  }

  static double[] differences(double[] a, double[] b) {
    double[] result = a.clone();
    Arrays.setAll(result, i -> a[i] - b[i]);
    return result;
  }
}
