package org.alignment4j.rlhf.advantage;

import java.util.SplittableRandom;

/** Made-up completions of a seed. */
final class RandomRollouts {

  private final SplittableRandom random;

  RandomRollouts(long seed) {
    this.random = new SplittableRandom(seed);
  }

  int[] lengths(int sequences, int most) {
    return random.ints(sequences, 1, most + 1).toArray();
  }

  /** A mask in which about a fifth of the tokens, but never the last, is not scored. */
  CompletionMask gapped(int... lengths) {
    boolean[][] rows = new boolean[lengths.length][];
    for (int s = 0; s < rows.length; s++) {
      rows[s] = new boolean[lengths[s]];
      for (int t = 0; t < rows[s].length; t++) {
        rows[s][t] = t == rows[s].length - 1 || random.nextDouble() > 0.2;
      }
    }
    return CompletionMask.of(rows);
  }

  TokenValues values(int... lengths) {
    double[][] rows = new double[lengths.length][];
    for (int s = 0; s < rows.length; s++) {
      rows[s] = vector(lengths[s]);
    }
    return TokenValues.of(rows);
  }

  double[] vector(int size) {
    double[] values = new double[size];
    for (int i = 0; i < size; i++) {
      values[i] = gaussian();
    }
    return values;
  }

  /** A normal number (Box and Muller). */
  private double gaussian() {
    return Math.sqrt(-2 * Math.log(1 - random.nextDouble()))
        * Math.cos(2 * Math.PI * random.nextDouble());
  }

  static double mean(double... values) {
    double sum = 0;
    for (double v : values) {
      sum += v;
    }
    return sum / values.length;
  }

  static double deviation(double... values) {
    double mean = mean(values);
    double sum = 0;
    for (double v : values) {
      sum += Math.pow(v - mean, 2);
    }
    return Math.sqrt(sum / (values.length - 1));
  }
}
