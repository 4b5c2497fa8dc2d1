package org.alignment4j.oversight.decompose;

import org.apiguardian.api.API;

/**
 * How far questions are divided.
 *
 * @param depth levels below the question; 0 answers directly
 * @param breadth most subquestions of a question, at least 1
 * @param nodes most questions, the first one included, that may still be divided, at least 1; those
 *     that come after are answered directly
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record DecompositionLimits(int depth, int breadth, int nodes) {
  /** One level, five subquestions, 64 questions. */
  public static final DecompositionLimits DEFAULT = new DecompositionLimits(1, 5, 64);

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if the depth is negative or another limit less than 1
   */
  public DecompositionLimits {
    if (depth < 0 || breadth < 1 || nodes < 1) {
      throw new IllegalArgumentException(
          "depth must not be negative, breadth and nodes at least 1, but they were "
              + depth
              + ", "
              + breadth
              + " and "
              + nodes);
    }
  }

  /** Returns these limits with another depth. */
  public DecompositionLimits withDepth(int levels) {
    return new DecompositionLimits(levels, breadth, nodes);
  }
}
