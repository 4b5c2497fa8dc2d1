package org.alignment4j.examples.conformance;

import org.alignment4j.api.hook.ForwardResult;

/** Numbers of a forward run of one sequence. */
final class RunLogits {

  private RunLogits() {}

  /** Logits {@code [length · vocabulary]}. */
  static double[] of(ForwardResult result) {
    int length = result.cache().tokens().get(0).size();
    int vocabulary = result.logits(0, 0).length;
    double[] all = new double[length * vocabulary];
    for (int p = 0; p < length; p++) {
      System.arraycopy(doubles(result.logits(0, p)), 0, all, p * vocabulary, vocabulary);
    }
    return all;
  }

  /** The same numbers in double precision. */
  static double[] doubles(float[] values) {
    double[] all = new double[values.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = values[i];
    }
    return all;
  }
}
