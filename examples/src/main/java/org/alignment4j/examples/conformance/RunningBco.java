package org.alignment4j.examples.conformance;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.alignment4j.rlhf.loss.PreferenceLossValues;
import org.alignment4j.rlhf.loss.UnpairedLoss;
import org.alignment4j.rlhf.loss.UnpairedLossValues;
import org.alignment4j.rlhf.loss.UnpairedLosses;

/** Binary classifier optimisation of pairs with the first value of the running mean of rewards. */
final class RunningBco {

  private RunningBco() {}

  /**
   * The losses of pairs, each of which is the sum of those of its two answers.
   *
   * @param beta β
   * @param policy log-probabilities of the preferred, then of the other answers
   * @param reference those under the reference
   */
  static PreferenceLossValues evaluate(double beta, double[] policy, double[] reference) {
    int pairs = policy.length / 2;
    boolean[] desirable = new boolean[policy.length];
    Arrays.fill(desirable, 0, pairs, true);
    double mean =
        IntStream.range(0, policy.length)
            .mapToDouble(i -> beta * (policy[i] - reference[i]))
            .average()
            .orElseThrow();
    // TRL keeps the running mean in single precision.
    double point = (float) mean;
    UnpairedLossValues found =
        UnpairedLosses.evaluate(UnpairedLoss.bco(beta), policy, reference, desirable, point);
    double[] losses =
        IntStream.range(0, pairs)
            .mapToDouble(i -> found.losses()[i] + found.losses()[pairs + i])
            .toArray();
    double[] gradients = Arrays.stream(found.gradients()).map(g -> 2 * g).toArray();
    return new PreferenceLossValues(
        losses,
        2 * found.loss(),
        Arrays.copyOf(found.rewards(), pairs),
        Arrays.copyOfRange(found.rewards(), pairs, 2 * pairs),
        Arrays.copyOf(gradients, pairs),
        Arrays.copyOfRange(gradients, pairs, 2 * pairs));
  }
}
