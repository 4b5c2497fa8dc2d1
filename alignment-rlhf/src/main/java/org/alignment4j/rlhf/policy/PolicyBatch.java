package org.alignment4j.rlhf.policy;

import java.util.Arrays;
import org.apiguardian.api.API;

/**
 * Numbers of the scored tokens of completions, one after the other, on which a policy loss is
 * evaluated. Every array but {@code lengths} is {@code [rows]}.
 *
 * @param policy log-probabilities under the policy
 * @param old those under the policy that sampled
 * @param reference those under the reference
 * @param advantages advantages
 * @param corrections factors for samples of another engine
 * @param weights weights whose sum with the losses is the loss
 * @param lengths tokens of each sequence, from 1, {@code [sequences]}
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record PolicyBatch(
    double[] policy,
    double[] old,
    double[] reference,
    double[] advantages,
    double[] corrections,
    double[] weights,
    int[] lengths) {

  /**
   * Checks the shapes and that every number is finite.
   *
   * @throws IllegalArgumentException when they do not match or a number is not finite, named by its
   *     index
   */
  public PolicyBatch {
    int rows = 0;
    for (int length : lengths) {
      if (length < 1) {
        throw new IllegalArgumentException("lengths must be at least 1 but one was " + length);
      }
      rows += length;
    }
    if (rows == 0) {
      throw new IllegalArgumentException("lengths must hold at least one sequence but hold none");
    }
    Numbers.require("policy", policy, rows);
    Numbers.require("old", old, rows);
    Numbers.require("reference", reference, rows);
    Numbers.require("advantages", advantages, rows);
    Numbers.require("corrections", corrections, rows);
    Numbers.require("weights", weights, rows);
  }

  /**
   * Returns a batch without corrections, whose reference is the policy that sampled, and whose loss
   * is the mean over tokens.
   *
   * @param policy log-probabilities under the policy
   * @param old those under the policy that sampled
   * @param advantages advantages
   * @param lengths tokens of each sequence, from 1
   * @return the batch
   * @throws IllegalArgumentException as the constructor
   */
  public static PolicyBatch of(double[] policy, double[] old, double[] advantages, int... lengths) {
    double[] ones = new double[policy.length];
    Arrays.fill(ones, 1);
    double[] weights = new double[policy.length];
    Arrays.fill(weights, 1.0 / policy.length);
    return new PolicyBatch(policy, old, old, advantages, ones, weights, lengths);
  }

  /**
   * Returns this batch with a reference.
   *
   * @param reference log-probabilities under the reference
   * @return the batch
   * @throws IllegalArgumentException as the constructor
   */
  public PolicyBatch withReference(double[] reference) {
    return new PolicyBatch(policy, old, reference, advantages, corrections, weights, lengths);
  }

  /**
   * Returns this batch with corrections.
   *
   * @param corrections factors for samples of another engine
   * @return the batch
   * @throws IllegalArgumentException as the constructor
   */
  public PolicyBatch withCorrections(double[] corrections) {
    return new PolicyBatch(policy, old, reference, advantages, corrections, weights, lengths);
  }

  /**
   * Returns this batch with weights.
   *
   * @param weights weights whose sum with the losses is the loss
   * @return the batch
   * @throws IllegalArgumentException as the constructor
   */
  public PolicyBatch withWeights(double[] weights) {
    return new PolicyBatch(policy, old, reference, advantages, corrections, weights, lengths);
  }

  /** The matrix of sequences, row by row. */
  double[] sequences() {
    double[] matrix = new double[lengths.length * policy.length];
    int from = 0;
    for (int s = 0; s < lengths.length; s++) {
      int row = s * policy.length;
      Arrays.fill(matrix, row + from, row + from + lengths[s], 1);
      from += lengths[s];
    }
    return matrix;
  }
}
