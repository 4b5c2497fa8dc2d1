package org.alignment4j.rlhf.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Orders of examples. */
class EpochsTest {

  private static List<Integer> order(int examples, long seed, int epoch) {
    return new Epochs(examples, examples, epoch + 1, seed).batch(epoch + 1);
  }

  private static long mix(long value) {
    long z = value;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /** The documented algorithm, as a shuffle that exchanges places from the left. */
  private static List<Integer> documented(int examples, long seed, int epoch) {
    long gamma = 0x9e3779b97f4a7c15L;
    long key = mix(mix(seed + gamma) + gamma * (epoch + 1));
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < examples; i++) {
      double u = (mix(key + gamma * (i + 1)) >>> 11) / 9007199254740992.0;
      int j = (int) Math.floor(u * (i + 1));
      order.add(i);
      order.set(i, order.get(j));
      order.set(j, i);
    }
    return order;
  }

  @Test
  void ordersArePinned() {
    assertThat(order(8, 0, 0)).containsExactly(2, 7, 0, 4, 3, 1, 6, 5);
    assertThat(order(8, 0, 1)).containsExactly(0, 6, 5, 3, 7, 1, 4, 2);
    assertThat(order(8, 1, 0)).containsExactly(0, 4, 7, 3, 2, 6, 5, 1);
    for (long seed : new long[] {0, 1, -7, Long.MAX_VALUE}) {
      for (int epoch = 0; epoch < 3; epoch++) {
        assertThat(order(50, seed, epoch)).isEqualTo(documented(50, seed, epoch));
      }
    }
  }

  /** Neither at the same epoch nor at a later one; by chance one place of n agrees. */
  @Test
  void neighbouringSeedsAreUnrelated() {
    int n = 400;
    for (long seed : new long[] {0, 1, 2, 41, -1}) {
      for (int epoch = 0; epoch < 4; epoch++) {
        for (int other = 0; other < 4; other++) {
          List<Integer> a = order(n, seed, epoch);
          List<Integer> b = order(n, seed + 1, other);
          assertThat(agreements(a, b, 0)).isLessThan(9);
          assertThat(Math.abs(correlation(a, b))).isLessThan(0.2);
          assertThat(agreements(a, b, 1)).isLessThan(9);
          assertThat(agreements(b, a, 1)).isLessThan(9);
        }
      }
    }
  }

  private static long agreements(List<Integer> a, List<Integer> b, int shift) {
    return IntStream.range(0, a.size() - shift)
        .filter(i -> a.get(i).equals(b.get(i + shift)))
        .count();
  }

  private static double correlation(List<Integer> a, List<Integer> b) {
    double mean = (a.size() - 1) / 2.0;
    double covariance = 0;
    double variance = 0;
    for (int i = 0; i < a.size(); i++) {
      covariance += (a.get(i) - mean) * (b.get(i) - mean);
      variance += (a.get(i) - mean) * (a.get(i) - mean);
    }
    return covariance / variance;
  }

  @Test
  void everyPlaceIsEquallyLikely() {
    int[][] counts = new int[5][5];
    int seeds = 20_000;
    for (long seed = 0; seed < seeds; seed++) {
      List<Integer> order = order(5, seed, 0);
      for (int i = 0; i < 5; i++) {
        counts[order.get(i)][i]++;
      }
    }
    double chiSquare = 0;
    for (int[] row : counts) {
      for (int count : row) {
        double gap = count - seeds / 5.0;
        chiSquare += gap * gap / (seeds / 5.0);
      }
    }
    // 16 degrees of freedom: 39.3 is exceeded once in a thousand
    assertThat(chiSquare).isLessThan(39.3);
  }

  @Test
  void everyExampleOncePerEpoch() {
    Epochs epochs = new Epochs(10, 4, 3, 9);
    assertThat(epochs.steps()).isEqualTo(9);
    for (int epoch = 0; epoch < 3; epoch++) {
      List<Integer> seen = new ArrayList<>();
      for (int step = 1; step <= 3; step++) {
        seen.addAll(epochs.batch(3 * epoch + step));
      }
      assertThat(epochs.batch(3 * epoch + 3)).hasSize(2);
      assertThat(seen).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    }
    assertThatThrownBy(() -> epochs.batch(10)).hasMessage("step must be in [1, 9] but was 10");
  }
}
