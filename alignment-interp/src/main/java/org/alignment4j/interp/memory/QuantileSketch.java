package org.alignment4j.interp.memory;

import org.apiguardian.api.API;

/**
 * Quantiles of a stream of numbers in little memory, each within a relative error: counts in
 * buckets whose bounds grow by {@code γ = (1 + α)/(1 − α)} (DDSketch, Masson et al. 2019, section
 * 2). Numbers of a magnitude below {@value #LEAST} count as 0. Not thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class QuantileSketch {

  /** The least magnitude that is told from 0. */
  public static final double LEAST = 1e-9;

  private static final int ROOM = 16;

  private final double gamma;
  private final double logGamma;
  private final Buckets positive = new Buckets();
  private final Buckets negative = new Buckets();
  private long zeros;
  private long count;

  /**
   * A sketch without numbers.
   *
   * @param relativeError {@code α}, in (0, 1)
   * @throws IllegalArgumentException if it is outside
   */
  public QuantileSketch(double relativeError) {
    if (!(relativeError > 0 && relativeError < 1)) {
      throw new IllegalArgumentException(
          "relativeError must be in (0, 1) but was " + relativeError);
    }
    this.gamma = (1 + relativeError) / (1 - relativeError);
    this.logGamma = Math.log(gamma);
  }

  /**
   * Adds a number.
   *
   * @throws IllegalArgumentException if it is not finite
   */
  public void add(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("value must be finite but was " + value);
    }
    double magnitude = Math.abs(value);
    if (magnitude < LEAST) {
      zeros++;
    } else {
      int index = (int) Math.ceil(Math.log(magnitude) / logGamma);
      (value > 0 ? positive : negative).add(index);
    }
    count++;
  }

  /** How many numbers were added. */
  public long count() {
    return count;
  }

  /**
   * The number of rank {@code ⌊level·(count − 1)⌋}, from 0 in ascending order, within the relative
   * error.
   *
   * @param level from 0 to 1
   * @return NaN where no number was added
   * @throws IllegalArgumentException if the level is outside
   */
  public double quantile(double level) {
    if (!(level >= 0 && level <= 1)) {
      throw new IllegalArgumentException("level must be in [0, 1] but was " + level);
    }
    if (count == 0) {
      return Double.NaN;
    }
    long rank = (long) Math.floor(level * (count - 1));
    if (rank < negative.total) {
      return -middle(negative.fromTop(rank));
    }
    rank -= negative.total;
    return rank < zeros ? 0 : middle(positive.fromTop(positive.total - 1 - (rank - zeros)));
  }

  private double middle(int index) {
    return 2 * Math.pow(gamma, index) / (gamma + 1);
  }

  /** Counts by whole numbers, over as wide a range as occurs. */
  private static final class Buckets {
    private long[] counts = new long[0];
    private int first;
    private long total;

    void add(int index) {
      if (counts.length == 0) {
        first = index - ROOM / 2;
        counts = new long[ROOM];
      } else if (index < first) {
        int more = Math.max(first - index, counts.length);
        grow(first - more, more);
      } else if (index >= first + counts.length) {
        long[] wider = new long[Math.max(index - first + 1, 2 * counts.length)];
        System.arraycopy(counts, 0, wider, 0, counts.length);
        counts = wider;
      }
      counts[index - first]++;
      total++;
    }

    private void grow(int newFirst, int before) {
      long[] wider = new long[counts.length + before];
      System.arraycopy(counts, 0, wider, before, counts.length);
      counts = wider;
      first = newFirst;
    }

    /** The bucket of a rank counted from the greatest number down. */
    int fromTop(long rank) {
      long above = 0;
      for (int i = counts.length - 1; i >= 0; i--) {
        above += counts[i];
        if (above > rank) {
          return first + i;
        }
      }
      throw new IllegalStateException("rank " + rank + " must be less than " + total);
    }
  }
}
