package org.alignment4j.core.statistics;

/** Score intervals of proportions. */
final class Wilson {

  private Wilson() {}

  /** Wilson's interval of an observed proportion; exact at 0 and 1 in spite of rounding. */
  static double[] interval(double p, double n, double z) {
    double z2 = z * z;
    double centre = p + z2 / (2 * n);
    double half = z * Math.sqrt(p * (1 - p) / n + z2 / (4 * n * n));
    double scale = 1 + z2 / n;
    // The minimum and maximum only mend rounding: the interval contains p.
    return new double[] {
      p == 0 ? 0 : Math.max(0, Math.min(p, (centre - half) / scale)),
      p == 1 ? 1 : Math.min(1, Math.max(p, (centre + half) / scale))
    };
  }

  /** Newcombe 1998 (paired data), method 10: square and add with corrected correlation. */
  static double[] pairedInterval(boolean[] first, boolean[] second, double z) {
    double n = first.length;
    double both = 0;
    double onlyFirst = 0;
    double onlySecond = 0;
    for (int i = 0; i < first.length; i++) {
      both += first[i] && second[i] ? 1 : 0;
      onlyFirst += first[i] && !second[i] ? 1 : 0;
      onlySecond += !first[i] && second[i] ? 1 : 0;
    }
    double neither = n - both - onlyFirst - onlySecond;
    double p1 = (both + onlyFirst) / n;
    double p2 = (both + onlySecond) / n;
    double[] w1 = interval(p1, n, z);
    double[] w2 = interval(p2, n, z);
    double phi = correlation(both, onlyFirst, onlySecond, neither);
    double below = added(p1 - w1[0], w2[1] - p2, phi);
    double above = added(w1[1] - p1, p2 - w2[0], phi);
    double difference = p1 - p2;
    return new double[] {
      Math.max(-1, Math.min(difference, difference - below)),
      Math.min(1, Math.max(difference, difference + above))
    };
  }

  private static double added(double a, double b, double phi) {
    return Math.sqrt(Math.max(0, a * a - 2 * phi * a * b + b * b));
  }

  private static double correlation(double a, double b, double c, double d) {
    double margins = (a + b) * (c + d) * (a + c) * (b + d);
    if (margins == 0) {
      return 0;
    }
    double product = a * d - b * c;
    double corrected = product > 0 ? Math.max(0, product - (a + b + c + d) / 2) : product;
    return corrected / Math.sqrt(margins);
  }
}
