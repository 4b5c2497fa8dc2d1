package org.alignment4j.runtime.train;

/** Sums of squares in double. */
final class Squares {
  private Squares() {}

  /** Four running sums, since a single one would wait for each addition. */
  static double sum(float[] values, int from, int length) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int whole = from + length - length % 4;
    for (int i = from; i < whole; i += 4) {
      double a = values[i];
      double b = values[i + 1];
      double c = values[i + 2];
      double d = values[i + 3];
      s0 += a * a;
      s1 += b * b;
      s2 += c * c;
      s3 += d * d;
    }
    for (int i = whole; i < from + length; i++) {
      s0 += (double) values[i] * values[i];
    }
    return (s0 + s1) + (s2 + s3);
  }
}
