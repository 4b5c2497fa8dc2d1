package org.alignment4j.rlhf.study;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.alignment4j.api.evaluation.Estimate;
import org.apiguardian.api.API;

/**
 * The area that points dominate above a reference point, of two objectives (Zitzler and Thiele
 * 1999): the larger, the better the front as a whole.
 *
 * @param reference the point from which areas are measured, one value for each objective
 * @param area the area, in the product of the objectives' units, with a bootstrap interval over
 *     prompts
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Hypervolume(List<Double> reference, Estimate area) {

  /**
   * Copies.
   *
   * @throws IllegalArgumentException when there are not two values
   */
  public Hypervolume {
    reference = List.copyOf(reference);
    Objects.requireNonNull(area, "area");
    if (reference.size() != 2) {
      throw new IllegalArgumentException(
          "reference must have 2 values but has " + reference.size());
    }
  }

  /**
   * Returns the area that points dominate above a reference.
   *
   * @param points two values each; those below the reference in either add nothing
   * @param x the reference's first value
   * @param y the reference's second value
   * @return the area, 0 of no points
   * @throws IllegalArgumentException when a point has other than two values
   */
  public static double area(double[][] points, double x, double y) {
    double[][] sorted = points.clone();
    for (double[] point : sorted) {
      if (point.length != 2) {
        throw new IllegalArgumentException(
            "an area is of 2 objectives but a point has " + point.length);
      }
    }
    Arrays.sort(sorted, Comparator.comparingDouble((double[] p) -> p[0]).reversed());
    double area = 0;
    double top = y;
    for (double[] point : sorted) {
      if (point[0] > x && point[1] > top) {
        area += (point[0] - x) * (point[1] - top);
        top = point[1];
      }
    }
    return area;
  }
}
