package org.alignment4j.rlhf.policy;

/** Rules that given numbers must keep. */
final class Numbers {

  private Numbers() {}

  static void require(String name, double[] values, int rows) {
    if (values.length != rows) {
      throw new IllegalArgumentException(
          "%s must be of %s tokens but is of %s".formatted(name, rows, values.length));
    }
    for (int i = 0; i < rows; i++) {
      if (!Double.isFinite(values[i])) {
        throw new IllegalArgumentException(
            "%s[%s] must be a finite number but was %s".formatted(name, i, values[i]));
      }
    }
  }
}
