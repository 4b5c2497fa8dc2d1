package org.alignment4j.interp.feature.train;

/**
 * The value at which the largest positive numbers of a whole batch end. Positive floats are ordered
 * as their bits are, so that two histograms, of the upper and of the lower half of the bits, find
 * it exactly and without sorting. Mutable; used for one batch.
 */
final class BatchSelection {
  private static final int HALF = 1 << 16;

  private final long wanted;
  private int upper = -1;
  private long leftInUpper;

  /** Begins a selection of so many numbers. */
  BatchSelection(long wanted) {
    this.wanted = wanted;
  }

  /** Where the numbers end that are kept. */
  record Cut(float value, long equalKept, boolean all) {
    /** Everything positive is kept. */
    static Cut everything() {
      return new Cut(0, 0, true);
    }
  }

  /** Counts a number in the histogram of upper halves, {@code [65536]}. */
  static void countUpper(float value, int[] histogram) {
    if (value > 0) {
      histogram[Float.floatToRawIntBits(value) >>> 16]++;
    }
  }

  /**
   * Finds the upper half of the cut.
   *
   * @return false when there are no more positive numbers than wanted
   */
  boolean findUpper(int[][] histograms) {
    long seen = 0;
    for (int half = HALF - 1; half >= 0; half--) {
      long here = total(histograms, half);
      if (seen + here > wanted) {
        upper = half;
        leftInUpper = wanted - seen;
        return true;
      }
      seen += here;
    }
    return false;
  }

  /** Counts a number in the histogram of lower halves where its upper half is that of the cut. */
  void countLower(float value, int[] histogram) {
    if (value > 0) {
      int bits = Float.floatToRawIntBits(value);
      if (bits >>> 16 == upper) {
        histogram[bits & (HALF - 1)]++;
      }
    }
  }

  /** Finds the cut once the upper half is known. */
  Cut findLower(int[][] histograms) {
    long seen = 0;
    for (int half = HALF - 1; half >= 0; half--) {
      long here = total(histograms, half);
      if (seen + here > leftInUpper) {
        return new Cut(Float.intBitsToFloat(upper << 16 | half), leftInUpper - seen, false);
      }
      seen += here;
    }
    throw new IllegalStateException("the cut lies in the upper half that was found");
  }

  static int[][] histograms(int parts) {
    return new int[parts][HALF];
  }

  private static long total(int[][] histograms, int half) {
    long sum = 0;
    for (int[] histogram : histograms) {
      sum += histogram[half];
    }
    return sum;
  }
}
