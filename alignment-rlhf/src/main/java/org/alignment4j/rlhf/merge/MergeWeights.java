package org.alignment4j.rlhf.merge;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apiguardian.api.API;

/** Weights of members: their rules, and grids of them. Thread-safe. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class MergeWeights {

  /** How far weights that were written with few digits may add up to something other than 1. */
  private static final double ROUNDING = 1e-6;

  private static final int LARGEST_GRID = 100_000;

  private MergeWeights() {}

  /**
   * Returns all weights on the simplex that are multiples of {@code 1/divisions}, the first
   * member's falling: from its vertex to that of the last.
   *
   * @param members how many weights a point has, at least 1
   * @param divisions steps from one vertex to another, at least 1
   * @return {@code C(divisions + members − 1, members − 1)} points
   * @throws IllegalArgumentException when a number is below 1 or there would be more than 100000
   *     points
   */
  public static List<double[]> grid(int members, int divisions) {
    if (members < 1 || divisions < 1) {
      throw new IllegalArgumentException(
          "members and divisions must be at least 1 but were " + members + " and " + divisions);
    }
    double points = 1;
    for (int i = 1; i < members; i++) {
      points *= (double) (divisions + i) / i;
    }
    if (points > LARGEST_GRID) {
      throw new IllegalArgumentException(
          "a grid must have at most %s points but %s members in %s divisions make more"
              .formatted(LARGEST_GRID, members, divisions));
    }
    List<double[]> grid = new ArrayList<>();
    fill(new int[members], 0, divisions, divisions, grid);
    return grid;
  }

  private static void fill(int[] parts, int at, int left, int divisions, List<double[]> grid) {
    if (at == parts.length - 1) {
      parts[at] = left;
      grid.add(Arrays.stream(parts).mapToDouble(p -> (double) p / divisions).toArray());
      return;
    }
    for (int part = left; part >= 0; part--) {
      parts[at] = part;
      fill(parts, at + 1, left - part, divisions, grid);
    }
  }

  static void requireSimplex(double[] weights) {
    requireNotNegative(weights);
    double sum = Arrays.stream(weights).sum();
    if (Math.abs(sum - 1) > ROUNDING) {
      throw new IllegalArgumentException(
          "weights must add up to 1 but "
              + Arrays.toString(weights)
              + " add up to "
              + sum
              + "; divide each by the sum");
    }
  }

  static void requireNotNegative(double[] weights) {
    requireFinite(weights);
    for (double weight : weights) {
      if (weight < 0) {
        throw new IllegalArgumentException(
            "weights must not be negative but were "
                + Arrays.toString(weights)
                + "; task arithmetic takes any");
      }
    }
    if (Arrays.stream(weights).sum() == 0) {
      throw new IllegalArgumentException("weights must not all be 0 but were");
    }
  }

  static void requireFinite(double[] weights) {
    for (double weight : weights) {
      if (!Double.isFinite(weight)) {
        throw new IllegalArgumentException(
            "weights must be finite but were " + Arrays.toString(weights));
      }
    }
  }
}
