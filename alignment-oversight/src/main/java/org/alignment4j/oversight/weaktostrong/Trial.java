package org.alignment4j.oversight.weaktostrong;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.apiguardian.api.API;

/**
 * What one run of {@link WeakToStrong} came to.
 *
 * @param seed its seed
 * @param right by arm, how right it is on each test answer: 1, 0, or ½ where it takes neither side
 * @param labelsRight the same of the weak supervisor on the half that the students learn from
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Trial(long seed, Map<String, List<Double>> right, List<Double> labelsRight) {

  /** Copies. */
  public Trial {
    right = ImmutableMap.copyOf(Maps.transformValues(right, List::copyOf));
    labelsRight = List.copyOf(labelsRight);
  }

  /**
   * Returns how right an arm is on each test answer.
   *
   * @throws IllegalArgumentException if there is no such arm
   */
  public List<Double> right(String arm) {
    List<Double> found = right.get(arm);
    if (found == null) {
      throw new IllegalArgumentException(
          "arm must be one of " + right.keySet() + " but was '" + arm + "'");
    }
    return found;
  }

  /**
   * Returns the share of right test answers of an arm.
   *
   * @throws IllegalArgumentException if there is no such arm
   */
  public double accuracy(String arm) {
    return right(arm).stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
  }

  /**
   * Returns the share of the gap that a student recovers in this run alone.
   *
   * @return empty where the ceiling is not above the supervisor
   * @throws IllegalArgumentException if there is no such student
   */
  public OptionalDouble recovered(String student) {
    return PerformanceGap.recovered(
        accuracy(WeakToStrong.WEAK), accuracy(student), accuracy(WeakToStrong.CEILING));
  }
}
