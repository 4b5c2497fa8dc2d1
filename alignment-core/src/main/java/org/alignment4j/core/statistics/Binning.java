package org.alignment4j.core.statistics;

import java.util.Arrays;
import org.apiguardian.api.API;

/** How confidences in [0, 1] are divided into bins. Implementations are immutable values. */
@API(status = API.Status.MAINTAINED, since = "0.1")
public sealed interface Binning permits Binning.EqualWidth, Binning.EqualMass {

  /** How many bins there are at most. */
  int bins();

  /**
   * Returns the inner and outer edges for some confidences, ascending, to 1; a bin contains its
   * upper edge, the first also its lower one.
   *
   * @param sorted confidences in ascending order, not empty
   * @throws IllegalArgumentException if a confidence lies below all bins
   */
  double[] edges(double[] sorted);

  /** Bins of equal width, {@code (i/B, (i+1)/B]}, the first with 0 (Guo et al. 2017, section 2). */
  static Binning equalWidth(int bins) {
    return new EqualWidth(0, bins);
  }

  /**
   * Bins of equal width from the least confidence there can be, such as ½ for the more likely of
   * two answers; the first contains it.
   */
  static Binning equalWidth(double least, int bins) {
    return new EqualWidth(least, bins);
  }

  /** Bins of about equally many confidences (Nguyen and O'Connor 2015). */
  static Binning equalMass(int bins) {
    return new EqualMass(bins);
  }

  /**
   * Bins of equal width; usual, but most of them may be empty.
   *
   * @param least lower edge of the first bin, in [0, 1)
   * @param bins at least 1
   */
  record EqualWidth(double least, int bins) implements Binning {

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if the least confidence is outside [0, 1) or bins are not
     *     positive
     */
    public EqualWidth {
      if (!(least >= 0 && least < 1)) {
        throw new IllegalArgumentException("least must be in [0, 1) but was " + least);
      }
      Checks.requirePositive("bins", bins);
    }

    @Override
    public double[] edges(double[] sorted) {
      if (sorted[0] < least) {
        throw new IllegalArgumentException(
            "confidences must be at least "
                + least
                + ", where the bins begin, but one was "
                + sorted[0]);
      }
      double[] edges = new double[bins + 1];
      for (int i = 0; i < bins; i++) {
        edges[i] = least + (1 - least) * i / bins;
      }
      // Rounding may put the sum below 1, and with it a confidence of 1 outside all bins.
      edges[bins] = 1;
      return edges;
    }
  }

  /**
   * Bins cut where a sorted list of n confidences is divided at {@code ⌊i·n/B⌋}, halfway between
   * the neighbours. Equal confidences stay in one bin and no bin is empty, so there may be fewer
   * bins, and of unequal mass.
   *
   * @param bins at least 1
   */
  record EqualMass(int bins) implements Binning {

    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if bins are not positive
     */
    public EqualMass {
      Checks.requirePositive("bins", bins);
    }

    @Override
    public double[] edges(double[] sorted) {
      int n = sorted.length;
      int parts = Math.min(bins, n);
      double[] edges = new double[parts + 1];
      int count = 1;
      for (int i = 1; i < parts; i++) {
        int cut = (int) ((long) i * n / parts);
        double edge = (sorted[cut - 1] + sorted[cut]) / 2;
        boolean someBelow = count == 1 || sorted[cut - 1] > edges[count - 1];
        if (someBelow && edge < sorted[n - 1]) {
          edges[count++] = edge;
        }
      }
      edges[count++] = 1;
      return Arrays.copyOf(edges, count);
    }
  }
}
