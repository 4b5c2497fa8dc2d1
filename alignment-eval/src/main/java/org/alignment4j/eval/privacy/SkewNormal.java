package org.alignment4j.eval.privacy;

/**
 * The skew normal distribution (Azzalini 1985): density {@code 2/w φ(z) Φ(a z)}, {@code z =
 * (x-location)/w}.
 */
record SkewNormal(double location, double scale, double shape) {
  /** The largest skewness that the family has, a little less. */
  private static final double MOST_SKEW = 0.99;

  private static final int STEPS = 4000;

  /** How far below the limit the density is followed, in scales. */
  private static final double TAIL = 12;

  /** The distribution of the sample's mean, variance and skewness. */
  static SkewNormal fit(double[] sample) {
    double mean = 0;
    for (double value : sample) {
      mean += value / sample.length;
    }
    double second = 0;
    double third = 0;
    for (double value : sample) {
      double distance = value - mean;
      second += distance * distance / sample.length;
      third += distance * distance * distance / sample.length;
    }
    if (!(second > 0) || sample.length < 3) {
      throw new IllegalArgumentException(
          "a skew normal distribution needs at least three values that differ but had "
              + sample.length
              + " of variance "
              + second
              + "; sample more secrets");
    }
    double skew = third / Math.pow(second, 1.5);
    double most = MOST_SKEW * 0.9952717;
    skew = Math.max(-most, Math.min(most, skew));
    double root = Math.cbrt(skew * skew);
    double delta =
        Math.signum(skew)
            * Math.sqrt(Math.PI / 2 * root / (root + Math.cbrt(Math.pow((4 - Math.PI) / 2, 2))));
    double scale = Math.sqrt(second / (1 - 2 * delta * delta / Math.PI));
    return new SkewNormal(
        mean - scale * delta * Math.sqrt(2 / Math.PI), scale, delta / Math.sqrt(1 - delta * delta));
  }

  /** The logarithm of the share below a value, by Simpson's rule on the density's logarithm. */
  double logCdf(double value) {
    double to = (value - location) / scale;
    double from = Math.min(-TAIL, to - TAIL);
    if (to > TAIL) {
      return 0;
    }
    double step = (to - from) / STEPS;
    double largest = Double.NEGATIVE_INFINITY;
    double[] logs = new double[STEPS + 1];
    for (int i = 0; i <= STEPS; i++) {
      logs[i] = logDensity(from + i * step);
      largest = Math.max(largest, logs[i]);
    }
    double sum = 0;
    for (int i = 0; i <= STEPS; i++) {
      int weight = i == 0 || i == STEPS ? 1 : i % 2 == 1 ? 4 : 2;
      sum += weight * Math.exp(logs[i] - largest);
    }
    return Math.min(0, largest + Math.log(sum * step / 3));
  }

  private double logDensity(double z) {
    return Math.log(2) - z * z / 2 - Math.log(2 * Math.PI) / 2 + logNormalCdf(shape * z);
  }

  /** log Φ(x): by a rational approximation of erfc with relative error below 1.2e-7. */
  static double logNormalCdf(double x) {
    double z = Math.abs(x) / Math.sqrt(2);
    double t = 1 / (1 + z / 2);
    double series =
        -1.26551223
            + t
                * (1.00002368
                    + t
                        * (0.37409196
                            + t
                                * (0.09678418
                                    + t
                                        * (-0.18628806
                                            + t
                                                * (0.27886807
                                                    + t
                                                        * (-1.13520398
                                                            + t
                                                                * (1.48851587
                                                                    + t
                                                                        * (-0.82215223
                                                                            + t
                                                                                * 0.17087277))))))));
    double logTail = Math.log(t) - z * z + series - Math.log(2);
    return x < 0 ? logTail : Math.log1p(-Math.exp(logTail));
  }
}
