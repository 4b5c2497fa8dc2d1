package org.alignment4j.rlhf.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class DominanceProperties {

  /** Points on a small grid, so that some are equal and some share a coordinate. */
  private static double[][] points(long seed, int count, int objectives) {
    Random random = new Random(seed);
    double[][] points = new double[count][objectives];
    for (double[] point : points) {
      Arrays.setAll(point, k -> random.nextInt(6));
    }
    return points;
  }

  @Property(tries = 300)
  void dominatedIsThatSomePointIsNoWorseAndBetter(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 12) int count,
      @ForAll @IntRange(min = 1, max = 4) int objectives) {
    double[][] points = points(seed, count, objectives);
    boolean[] dominated = Dominance.of(points);
    for (int i = 0; i < count; i++) {
      boolean expected = false;
      for (double[] other : points) {
        int least = 0;
        int most = 0;
        for (int k = 0; k < objectives; k++) {
          int sign = (int) Math.signum(other[k] - points[i][k]);
          least = Math.min(least, sign);
          most = Math.max(most, sign);
        }
        expected |= least == 0 && most == 1;
      }
      assertThat(dominated[i]).isEqualTo(expected);
    }
    assertThat(dominated).contains(false);
  }

  /** Unit cells counted one by one. */
  @Property(tries = 300)
  void theAreaIsThatOfTheCellsBelowSomePoint(
      @ForAll long seed,
      @ForAll @IntRange(min = 0, max = 12) int count,
      @ForAll @IntRange(min = -1, max = 3) int x,
      @ForAll @IntRange(min = -1, max = 3) int y) {
    double[][] points = points(seed, count, 2);
    int cells = 0;
    for (int a = x; a < 6; a++) {
      for (int b = y; b < 6; b++) {
        int left = a;
        int below = b;
        cells += Arrays.stream(points).anyMatch(p -> p[0] > left && p[1] > below) ? 1 : 0;
      }
    }
    assertThat(Hypervolume.area(points, x, y)).isCloseTo(cells, within(1e-12));
  }

  @Example
  void dominatedPointsAddNoArea() {
    double[][] front = {{0, 2}, {1, 1}, {2, 0.5}};
    double[][] more = {{0, 2}, {1, 1}, {2, 0.5}, {0.5, 0.5}, {1, 1}};
    assertThat(Hypervolume.area(more, -1, 0)).isEqualTo(Hypervolume.area(front, -1, 0));
    // 1·2 + 1·1 + 1·0.5
    assertThat(Hypervolume.area(front, -1, 0)).isCloseTo(3.5, within(1e-12));
    assertThatThrownBy(() -> Hypervolume.area(new double[][] {{1, 2, 3}}, 0, 0))
        .hasMessage("an area is of 2 objectives but a point has 3");
  }
}
