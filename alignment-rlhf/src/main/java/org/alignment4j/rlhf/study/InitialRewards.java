package org.alignment4j.rlhf.study;

/**
 * A reward under the initial policy: what later rewards are measured from, and in which unit.
 *
 * @param sums by prompt, sum over its answers
 * @param squares by prompt, sum of squares over its answers, of rewards less {@code origin}
 * @param origin subtracted from every reward, so that squares keep their digits
 * @param samples answers to a prompt
 */
record InitialRewards(double[] sums, double[] squares, double origin, int samples) {

  /** Mean and standard deviation (divisor n − 1). */
  record Moments(double mean, double deviation) {}

  /**
   * Sums rewards up.
   *
   * @param rewards by prompt and sample
   */
  static InitialRewards of(double[][] rewards) {
    double origin = 0;
    for (double[] row : rewards) {
      for (double value : row) {
        origin += value / ((double) rewards.length * row.length);
      }
    }
    double[] sums = new double[rewards.length];
    double[] squares = new double[rewards.length];
    for (int p = 0; p < rewards.length; p++) {
      for (double value : rewards[p]) {
        double less = value - origin;
        sums[p] += less;
        squares[p] += less * less;
      }
    }
    return new InitialRewards(sums, squares, origin, rewards[0].length);
  }

  /** The moments over the answers to some prompts, of which some may repeat. */
  Moments moments(int[] prompts) {
    double sum = 0;
    double square = 0;
    for (int prompt : prompts) {
      sum += sums[prompt];
      square += squares[prompt];
    }
    double n = (double) prompts.length * samples;
    double mean = sum / n;
    double variance = Math.max(0, square - n * mean * mean) / (n - 1);
    return new Moments(origin + mean, Math.sqrt(variance));
  }
}
