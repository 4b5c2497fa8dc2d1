package org.alignment4j.runtime.peft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.alignment4j.runtime.architecture.DecoderConfig.LinearLayout;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.peft.AdapterCombination.Member;
import org.alignment4j.runtime.train.Lora;
import org.alignment4j.runtime.train.LoraAdapter;
import org.alignment4j.runtime.train.LoraMatrices;

/** Combined adapters against sums of their products in float64. */
class AdapterCombinationProperties {

  private static final int IN = 9;
  private static final int OUT = 7;

  private static WeightTensor random(Random random, int rows, int columns) {
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return WeightTensor.of("t", new long[] {rows, columns}, values);
  }

  private static LoraMatrices pair(Random random, int rank) {
    return new LoraMatrices(random(random, rank, IN), random(random, OUT, rank));
  }

  private static LoraAdapter adapter(long seed, int rank, double alpha, String... names) {
    Random random = new Random(seed);
    Map<String, LoraMatrices> matrices = new LinkedHashMap<>();
    for (String name : names) {
      matrices.put(name, pair(random, rank));
    }
    return new LoraAdapter(Lora.rank(rank).alpha(alpha), matrices);
  }

  private static double[] update(LoraAdapter adapter, String name) {
    double[] sum = new double[OUT * IN];
    LoraMatrices pair = adapter.matrices().get(name);
    if (pair != null) {
      for (int o = 0; o < OUT; o++) {
        for (int i = 0; i < IN; i++) {
          for (int k = 0; k < pair.rank(); k++) {
            sum[o * IN + i] +=
                adapter.scale(name)
                    * pair.b().data().get(o * pair.rank() + k)
                    * pair.a().data().get(k * IN + i);
          }
        }
      }
    }
    return sum;
  }

  private static double[] sum(List<Member> members, String name) {
    double[] sum = new double[OUT * IN];
    for (Member member : members) {
      double[] one = update(member.adapter(), name);
      for (int i = 0; i < sum.length; i++) {
        sum[i] += member.weight() * one[i];
      }
    }
    return sum;
  }

  private static void close(double[] found, double[] expected, double tolerance) {
    assertThat(found).containsExactly(expected, within(tolerance));
  }

  private static double norm(double[] x, double[] y) {
    double squares = 0;
    for (int i = 0; i < x.length; i++) {
      squares += (x[i] - y[i]) * (x[i] - y[i]);
    }
    return Math.sqrt(squares);
  }

  @Property(tries = 50)
  void concatenationIsTheSum(
      @ForAll @IntRange(min = 1, max = 5) int first,
      @ForAll @IntRange(min = 1, max = 5) int second,
      @ForAll long seed) {
    List<Member> members =
        List.of(
            new Member(adapter(seed, first, 3, "q", "v"), 0.7),
            new Member(adapter(seed + 1, second, 5, "v", "up"), -1.3));
    LoraAdapter all = new AdapterCombination(members).concatenated();
    assertThat(all.matrices().keySet()).containsExactly("q", "v", "up");
    assertThat(all.matrices().get("v").rank()).isEqualTo(first + second);
    assertThat(all.matrices().get("q").rank()).isEqualTo(first);
    for (String name : List.of("q", "v", "up")) {
      close(update(all, name), sum(members, name), 1e-5);
    }
  }

  /** At full rank it is the sum; below it, no nearer matrix of the rank has been tried. */
  @Property(tries = 50)
  void truncationIsTheBestOfItsRank(
      @ForAll @IntRange(min = 1, max = 6) int rank, @ForAll long seed) {
    List<Member> members =
        List.of(
            new Member(adapter(seed, 3, 3, "q"), 0.7),
            new Member(adapter(seed + 1, 2, 5, "q"), -2));
    LoraAdapter truncated = new AdapterCombination(members).truncated(rank);
    double[] sum = sum(members, "q");
    LoraMatrices pair = truncated.matrices().get("q");
    assertThat(pair.rank()).isEqualTo(rank);
    double error = norm(update(truncated, "q"), sum);
    if (rank >= 5) {
      assertThat(error).isLessThan(1e-4);
      return;
    }
    assertThat(error).isCloseTo(tail(sum, rank), within(1e-4));
    // Rows of A are orthonormal singular vectors.
    for (int k = 0; k < rank; k++) {
      for (int l = 0; l <= k; l++) {
        double dot = 0;
        for (int i = 0; i < IN; i++) {
          dot += pair.a().data().get(k * IN + i) * pair.a().data().get(l * IN + i);
        }
        assertThat(dot).isCloseTo(k == l ? 1 : 0, within(1e-5));
      }
    }
  }

  /** The norm of the singular values after some, by power iteration with deflation. */
  private static double tail(double[] matrix, int rank) {
    double[] left = matrix.clone();
    Random random = new Random(1);
    for (int k = 0; k < rank; k++) {
      double[] v = random.doubles(IN, -1, 1).toArray();
      double[] u = new double[OUT];
      for (int step = 0; step < 20_000; step++) {
        u = new double[OUT];
        for (int o = 0; o < OUT; o++) {
          for (int i = 0; i < IN; i++) {
            u[o] += left[o * IN + i] * v[i];
          }
        }
        double[] next = new double[IN];
        double length = 0;
        for (int i = 0; i < IN; i++) {
          for (int o = 0; o < OUT; o++) {
            next[i] += left[o * IN + i] * u[o];
          }
          length += next[i] * next[i];
        }
        for (int i = 0; i < IN; i++) {
          v[i] = next[i] / Math.sqrt(length);
        }
      }
      u = new double[OUT];
      for (int o = 0; o < OUT; o++) {
        for (int i = 0; i < IN; i++) {
          u[o] += left[o * IN + i] * v[i];
        }
      }
      for (int o = 0; o < OUT; o++) {
        for (int i = 0; i < IN; i++) {
          left[o * IN + i] -= u[o] * v[i];
        }
      }
    }
    return norm(left, new double[left.length]);
  }

  /** PEFT's linear adds the factors: (Σ√(ws)B)(Σ±√|ws|A). */
  @Example
  void linearAddsTheFactors() {
    LoraAdapter x = adapter(1, 2, 3, "q");
    LoraAdapter y = adapter(2, 2, 8, "q");
    LoraAdapter both =
        new AdapterCombination(List.of(new Member(x, 0.5), new Member(y, -0.25))).linear();
    LoraMatrices p = x.matrices().get("q");
    LoraMatrices q = y.matrices().get("q");
    double f = Math.sqrt(0.5 * 1.5);
    double g = Math.sqrt(0.25 * 4);
    for (int i = 0; i < 2 * IN; i++) {
      assertThat((double) both.matrices().get("q").a().data().get(i))
          .isCloseTo(f * p.a().data().get(i) - g * q.a().data().get(i), within(1e-6));
    }
    for (int i = 0; i < 2 * OUT; i++) {
      assertThat((double) both.matrices().get("q").b().data().get(i))
          .isCloseTo(f * p.b().data().get(i) + g * q.b().data().get(i), within(1e-6));
    }
    LoraAdapter one = new AdapterCombination(List.of(new Member(x, -0.5))).linear();
    close(update(one, "q"), sum(List.of(new Member(x, -0.5)), "q"), 1e-5);
  }

  @Example
  void whatDoesNotGoTogetherIsRefused() {
    assertThatThrownBy(() -> new AdapterCombination(List.of()))
        .hasMessageContaining("at least one");
    AdapterCombination ranks =
        new AdapterCombination(
            List.of(new Member(adapter(1, 2, 1, "q"), 1), new Member(adapter(1, 3, 1, "q"), 1)));
    assertThatThrownBy(ranks::linear).hasMessageContaining("have 2 and 3");
    assertThatThrownBy(() -> ranks.truncated(0)).hasMessageContaining("rank must be at least 1");
    LoraAdapter other =
        new LoraAdapter(
            Lora.rank(2),
            Map.of(
                "q", new LoraMatrices(random(new Random(1), 2, 4), random(new Random(1), 7, 2))));
    assertThatThrownBy(
            () ->
                new AdapterCombination(
                    List.of(new Member(adapter(1, 2, 1, "q"), 1), new Member(other, 1))))
        .hasMessageContaining("same base model");
    assertThatThrownBy(() -> new Member(other, Double.NaN)).hasMessageContaining("NaN");
    LoraAdapter dora =
        adapter(1, 2, 1, "q")
            .withMagnitudes(
                Weights.of(List.of(WeightTensor.of("q", new long[] {OUT, IN}, new float[63]))),
                LinearLayout.OUT_IN);
    assertThatThrownBy(() -> new Member(dora, 1)).hasMessageContaining("DoRA");
  }
}
