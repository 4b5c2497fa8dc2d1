package org.alignment4j.runtime.generate;

import java.util.Arrays;

/**
 * A hypothesis under way. Immutable; its arrays are shared, not copied.
 *
 * @param tokens prompt and generated tokens
 * @param promptLength tokens of the prompt
 * @param logProbs searched log-probability of each generated token
 * @param modelLogProbs the model's log-probability of each generated token
 * @param sum of {@code logProbs}
 */
record Beam(int[] tokens, int promptLength, double[] logProbs, double[] modelLogProbs, double sum) {

  /** The hypothesis that all others begin with. */
  static Beam of(int[] prompt) {
    return new Beam(prompt, prompt.length, new double[0], new double[0], 0);
  }

  int generated() {
    return tokens.length - promptLength;
  }

  Beam with(int token, double logProb, double modelLogProb) {
    return new Beam(
        append(tokens, token),
        promptLength,
        append(logProbs, logProb),
        append(modelLogProbs, modelLogProb),
        sum + logProb);
  }

  int[] completion() {
    return Arrays.copyOfRange(tokens, promptLength, tokens.length);
  }

  private static int[] append(int[] values, int value) {
    int[] longer = Arrays.copyOf(values, values.length + 1);
    longer[values.length] = value;
    return longer;
  }

  private static double[] append(double[] values, double value) {
    double[] longer = Arrays.copyOf(values, values.length + 1);
    longer[values.length] = value;
    return longer;
  }
}
