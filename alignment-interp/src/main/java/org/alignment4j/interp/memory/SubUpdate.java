package org.alignment4j.interp.memory;

import org.apiguardian.api.API;

/**
 * What one neuron's sub-update {@code m_i·v_i} does to a distribution over the vocabulary (Geva et
 * al. 2022, section 3): {@code p(w) ∝ exp(e_w·x)·exp(m_i·e_w·v_i)}. Stateless.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class SubUpdate {

  private SubUpdate() {}

  /**
   * The distribution after the sub-update.
   *
   * @param logits those before, {@code e_w·x}, {@code [V]}
   * @param coefficient {@code m_i}
   * @param staticScores {@code e_w·v_i}, {@code [V]}
   * @return a new array {@code [V]} that sums to 1
   * @throws IllegalArgumentException if the lengths differ
   */
  public static double[] after(double[] logits, double coefficient, double[] staticScores) {
    return Softmax.of(moved(logits, coefficient, staticScores));
  }

  /**
   * Which tokens the sub-update makes likelier: those whose {@code exp(m_i·e_w·v_i)} exceeds its
   * mean over the distribution before.
   *
   * @param logits those before, {@code e_w·x}, {@code [V]}
   * @param coefficient {@code m_i}
   * @param staticScores {@code e_w·v_i}, {@code [V]}
   * @return for each token whether it is promoted
   * @throws IllegalArgumentException if the lengths differ
   */
  public static boolean[] promoted(double[] logits, double coefficient, double[] staticScores) {
    double logMean =
        Softmax.logSum(moved(logits, coefficient, staticScores)) - Softmax.logSum(logits);
    boolean[] promoted = new boolean[logits.length];
    for (int w = 0; w < promoted.length; w++) {
      promoted[w] = coefficient * staticScores[w] > logMean;
    }
    return promoted;
  }

  private static double[] moved(double[] logits, double coefficient, double[] staticScores) {
    if (logits.length != staticScores.length || logits.length == 0) {
      throw new IllegalArgumentException(
          "logits and staticScores must be one a token but were "
              + logits.length
              + " and "
              + staticScores.length);
    }
    double[] moved = new double[logits.length];
    for (int w = 0; w < moved.length; w++) {
      moved[w] = logits[w] + coefficient * staticScores[w];
    }
    return moved;
  }
}
