package org.alignment4j.rlhf.loss;

/** Rules that given numbers of pairs must keep. */
final class Inputs {

  /** What rounding of 32-bit sums over an answer may add to a log-probability of 0. */
  private static final double ROUNDING = 1e-3;

  private Inputs() {}

  static void requireLogProbs(String name, double[] values) {
    for (int i = 0; i < values.length; i++) {
      if (!(values[i] <= ROUNDING) || Double.isInfinite(values[i])) {
        throw refused(name, i, "a finite log-probability, at most 0,", values[i]);
      }
    }
  }

  static void requireLengths(String name, double[] values, int least) {
    for (int i = 0; i < values.length; i++) {
      if (!(values[i] >= least)
          || values[i] != Math.rint(values[i])
          || Double.isInfinite(values[i])) {
        throw refused(name, i, "a whole number of tokens, at least " + least + ",", values[i]);
      }
    }
  }

  static void requireFinite(String name, double[] values) {
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) {
        throw refused(name, i, "a finite number", values[i]);
      }
    }
  }

  static void requireProbabilities(String name, double[] values) {
    for (int i = 0; i < values.length; i++) {
      if (!(values[i] >= 0 && values[i] <= 1)) {
        throw refused(name, i, "in [0, 1]", values[i]);
      }
    }
  }

  private static IllegalArgumentException refused(
      String name, int index, String rule, double value) {
    return new IllegalArgumentException(
        name + "[" + index + "] must be " + rule + " but was " + value);
  }
}
