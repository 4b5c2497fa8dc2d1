package org.alignment4j.runtime.tokenizer;

import java.util.Arrays;

/**
 * A bound on a count that grows with the length of a text: a polynomial of that length, or none.
 * Coefficients are not negative and lengths are at least 1.
 */
final class Steps {

  private static final int MAX_DEGREE = 3;

  static final Steps NONE = of(0);
  static final Steps ONE = of(1);
  static final Steps UNBOUNDED = of(Double.POSITIVE_INFINITY);

  /** One more than the length of the text: the places at which a repetition can end. */
  static final Steps PLACES = new Steps(new double[] {1, 1, 0, 0});

  private final double[] coefficients;

  private Steps(double[] coefficients) {
    this.coefficients = coefficients;
  }

  static Steps of(double constant) {
    double[] coefficients = new double[MAX_DEGREE + 1];
    coefficients[0] = constant;
    return new Steps(coefficients);
  }

  boolean isBounded() {
    return Double.isFinite(coefficients[0]);
  }

  private static Steps bounded(double[] sums) {
    return Double.isFinite(Arrays.stream(sums).sum()) ? new Steps(sums) : UNBOUNDED;
  }

  /** Whether the count is 1 at most, whatever the text. */
  boolean isAtMostOne() {
    return coefficients[0] <= 1 && isConstant();
  }

  private boolean isZero() {
    return Arrays.stream(coefficients).allMatch(c -> c == 0);
  }

  boolean isConstant() {
    return isBounded() && Arrays.stream(coefficients).skip(1).allMatch(c -> c == 0);
  }

  Steps plus(Steps other) {
    double[] sums = coefficients.clone();
    for (int i = 0; i < sums.length; i++) {
      sums[i] += other.coefficients[i];
    }
    return bounded(sums);
  }

  Steps or(Steps other) {
    double[] larger = coefficients.clone();
    for (int i = 0; i < larger.length; i++) {
      larger[i] = Math.max(larger[i], other.coefficients[i]);
    }
    return bounded(larger);
  }

  Steps times(Steps other) {
    if (isZero() || other.isZero()) {
      return NONE;
    }
    if (!isBounded() || !other.isBounded()) {
      return UNBOUNDED;
    }
    double[] products = new double[MAX_DEGREE + 1];
    for (int i = 0; i <= MAX_DEGREE; i++) {
      for (int j = 0; j <= MAX_DEGREE; j++) {
        double product = coefficients[i] * other.coefficients[j];
        if (product > 0 && i + j > MAX_DEGREE) {
          return UNBOUNDED;
        }
        if (product > 0) {
          products[i + j] += product;
        }
      }
    }
    return bounded(products);
  }

  Steps times(double factor) {
    return times(of(factor));
  }

  /** The count for a text of this length at most. */
  double at(double length) {
    double value = 0;
    for (int i = MAX_DEGREE; i >= 0; i--) {
      value = value * length + coefficients[i];
    }
    return value;
  }

  /** The longest text, up to {@code most}, for which the count stays within a budget. */
  long longest(double budget, long most) {
    long low = 0;
    long high = most;
    while (low < high) {
      long middle = low + (high - low + 1) / 2;
      if (at(middle) <= budget) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }
}
