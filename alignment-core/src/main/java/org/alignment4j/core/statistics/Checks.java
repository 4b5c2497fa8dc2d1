package org.alignment4j.core.statistics;

/** Argument rules that all estimators share. */
final class Checks {

  private static final double LARGEST = 1e150;

  private Checks() {}

  static void requireFinite(String name, double[] values) {
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) {
        throw new IllegalArgumentException(
            name
                + "["
                + i
                + "] must be a finite number but was "
                + values[i]
                + "; leave missing scores out and count them as unscored or failed");
      }
    }
  }

  /** Refuses values of which squares or sums would leave the range of a double. */
  static void requireModerate(String name, double[] values) {
    requireFinite(name, values);
    for (int i = 0; i < values.length; i++) {
      if (Math.abs(values[i]) > LARGEST) {
        throw new IllegalArgumentException(
            name
                + "["
                + i
                + "] must be at most "
                + LARGEST
                + " in magnitude, or its square overflows, but was "
                + values[i]
                + "; use a larger unit");
      }
    }
  }

  static void requireSameLength(String first, int a, String second, int b) {
    if (a != b) {
      throw new IllegalArgumentException(
          first + " and " + second + " must have the same length but have " + a + " and " + b);
    }
  }

  static void requireProbabilities(String name, double[] values) {
    for (int i = 0; i < values.length; i++) {
      if (!(values[i] >= 0 && values[i] <= 1)) {
        throw new IllegalArgumentException(
            name + "[" + i + "] must be a number in [0, 1] but was " + values[i]);
      }
    }
  }

  /** Values inside a range, with what rounding carries beyond its ends moved to them. */
  static double[] requireWithin(String name, double[] values, double least, double greatest) {
    if (!(least < greatest && Double.isFinite(least) && Double.isFinite(greatest))) {
      throw new IllegalArgumentException(
          "the range of "
              + name
              + " must be finite and not empty but was "
              + least
              + " to "
              + greatest);
    }
    double rounding = 1e-9 * (greatest - least);
    double[] inside = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      if (!(values[i] >= least - rounding && values[i] <= greatest + rounding)) {
        throw new IllegalArgumentException(
            name
                + "["
                + i
                + "] must be from "
                + least
                + " to "
                + greatest
                + " but was "
                + values[i]);
      }
      inside[i] = Math.min(greatest, Math.max(least, values[i]));
    }
    return inside;
  }

  static void requireLabel(int index, int label, int classes) {
    if (label < 0 || label >= classes) {
      throw new IllegalArgumentException(
          "labels[" + index + "] must be in [0, " + classes + ") but was " + label);
    }
  }

  static void requireSome(String name, int length) {
    if (length == 0) {
      throw new IllegalArgumentException(name + " must not be empty: there is nothing to compare");
    }
  }

  static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be positive but was " + value);
    }
  }

  static void requireConfidence(double confidence) {
    if (!(confidence > 0 && confidence < 1)) {
      throw new IllegalArgumentException("confidence must be in (0, 1) but was " + confidence);
    }
  }
}
