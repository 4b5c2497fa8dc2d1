package org.alignment4j.oversight.weaktostrong;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import org.alignment4j.core.statistics.Bootstrap;
import org.apiguardian.api.API;

/**
 * The performance gap recovered (PGR) of Burns et al. 2023 (arXiv 2312.09390, section 3): {@code
 * (student − weak)/(ceiling − weak)}. 0 is a student as good as its supervisor, 1 one as good as if
 * it had learnt from the truth; a student may lie below and above. Pure functions.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class PerformanceGap {
  private PerformanceGap() {}

  /**
   * Returns the share of the gap that is recovered.
   *
   * @param weak performance of the weak supervisor
   * @param student performance of the strong model that learnt from it
   * @param ceiling performance of the strong model that learnt from the truth
   * @return empty where the ceiling is not above the supervisor, so that there is no gap
   * @throws IllegalArgumentException if a performance is not finite
   */
  public static OptionalDouble recovered(double weak, double student, double ceiling) {
    if (!Double.isFinite(weak) || !Double.isFinite(student) || !Double.isFinite(ceiling)) {
      throw new IllegalArgumentException(
          "performances must be finite but those of weak, student and ceiling were "
              + weak
              + ", "
              + student
              + " and "
              + ceiling);
    }
    return ceiling > weak
        ? OptionalDouble.of((student - weak) / (ceiling - weak))
        : OptionalDouble.empty();
  }

  /**
   * Returns the share of the gap that is recovered with a paired bootstrap over test items: the
   * three are drawn together, sources as a whole. Resamples without a gap are left out and counted;
   * if they are many, the gap is too small to tell.
   *
   * @param weak how right the weak supervisor is on each item, from 0 to 1
   * @param student how right the student is
   * @param ceiling how right the strong model that learnt from the truth is
   * @param sources the source of each item, any numbers
   * @param bootstrap how it is resampled
   * @return empty where there is no item, or the ceiling is not above the supervisor
   * @throws IllegalArgumentException if the lengths differ
   */
  public static Optional<Bootstrap.Result> recovered(
      double[] weak, double[] student, double[] ceiling, int[] sources, Bootstrap bootstrap) {
    int n = sources.length;
    if (weak.length != n || student.length != n || ceiling.length != n) {
      throw new IllegalArgumentException(
          "weak, student and ceiling must have one number for each of the "
              + n
              + " items but have "
              + weak.length
              + ", "
              + student.length
              + " and "
              + ceiling.length);
    }
    int[] all = new int[n];
    Arrays.setAll(all, i -> i);
    return n == 0 || Double.isNaN(of(all, weak, student, ceiling))
        ? Optional.empty()
        : Optional.of(bootstrap.of(sources, items -> of(items, weak, student, ceiling)));
  }

  private static double of(int[] items, double[] weak, double[] student, double[] ceiling) {
    return recovered(mean(items, weak), mean(items, student), mean(items, ceiling))
        .orElse(Double.NaN);
  }

  private static double mean(int[] items, double[] values) {
    double sum = 0;
    for (int item : items) {
      sum += values[item];
    }
    return sum / items.length;
  }
}
