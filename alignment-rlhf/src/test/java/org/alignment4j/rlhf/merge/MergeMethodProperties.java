package org.alignment4j.rlhf.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class MergeMethodProperties {

  private static final int SIZE = 37;

  private static float[] vector(Random random, double scale) {
    float[] values = new float[SIZE];
    for (int i = 0; i < SIZE; i++) {
      values[i] = (float) (scale * random.nextGaussian());
    }
    values[random.nextInt(SIZE)] = 0;
    values[random.nextInt(SIZE)] = -0.0f;
    return values;
  }

  /** Base and members that differ from it by less than it is large. */
  private static MergeTensor tensor(long seed, double... weights) {
    Random random = new Random(seed);
    float[] base = vector(random, 1);
    List<MergeTensor.Member> members = new ArrayList<>();
    for (int k = 0; k < weights.length; k++) {
      float[] values = vector(random, 0.3);
      for (int i = 0; i < SIZE; i++) {
        values[i] += base[i];
      }
      members.add(new MergeTensor.Member("m" + k, weights[k], values));
    }
    return new MergeTensor("w", base, members);
  }

  private static double[] simplex(long seed, int members) {
    Random random = new Random(seed + 1);
    double[] weights = new double[members];
    Arrays.setAll(weights, k -> 0.05 + random.nextDouble());
    double sum = Arrays.stream(weights).sum();
    Arrays.setAll(weights, k -> weights[k] / sum);
    return weights;
  }

  private static double delta(MergeTensor tensor, int k, int i) {
    return (double) tensor.members().get(k).values()[i] - tensor.requiredBase()[i];
  }

  @Property(tries = 200)
  void averageIsTheWeightedSum(@ForAll long seed, @ForAll @IntRange(min = 1, max = 5) int members) {
    double[] weights = simplex(seed, members);
    MergeTensor tensor = tensor(seed, weights);
    float[] merged = MergeMethod.average().merge(tensor);
    for (int i = 0; i < SIZE; i++) {
      double sum = 0;
      for (int k = 0; k < members; k++) {
        sum += weights[k] * tensor.members().get(k).values()[i];
      }
      assertThat((double) merged[i]).isCloseTo(sum, within(1e-7 * (1 + Math.abs(sum))));
    }
  }

  /** Task arithmetic with weights on the simplex is the average. */
  @Property(tries = 200)
  void taskArithmeticAddsTaskVectors(
      @ForAll long seed,
      @ForAll @DoubleRange(min = -2, max = 2) double one,
      @ForAll @DoubleRange(min = -2, max = 2) double two) {
    MergeTensor tensor = tensor(seed, one, two);
    float[] merged = MergeMethod.taskArithmetic().merge(tensor);
    for (int i = 0; i < SIZE; i++) {
      double sum = tensor.requiredBase()[i] + one * delta(tensor, 0, i) + two * delta(tensor, 1, i);
      assertThat((double) merged[i]).isCloseTo(sum, within(1e-7 * (1 + Math.abs(sum))));
    }
    MergeTensor onSimplex = tensor(seed, simplex(seed, 3));
    float[] average = MergeMethod.average().merge(onSimplex);
    float[] same = MergeMethod.taskArithmetic().merge(onSimplex);
    for (int i = 0; i < SIZE; i++) {
      assertThat(same[i]).isCloseTo(average[i], within(1e-6f));
    }
  }

  /** Algorithm 1 written out: sort to trim, masses of either sign to elect, mean of the winners. */
  @Property(tries = 300)
  void tiesFollowsTheAlgorithm(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 4) int members,
      @ForAll @DoubleRange(min = 0.02, max = 1) double density,
      @ForAll @DoubleRange(min = 0.2, max = 2) double scale) {
    double[] weights = simplex(seed, members);
    MergeTensor tensor = tensor(seed, weights);
    float[] merged = MergeMethod.ties(density, scale).merge(tensor);
    int kept = Math.max(1, (int) Math.floor(density * SIZE));
    boolean[][] keeps = new boolean[members][SIZE];
    for (int k = 0; k < members; k++) {
      List<Double> sizes = new ArrayList<>();
      for (int i = 0; i < SIZE; i++) {
        sizes.add((double) (float) Math.abs(delta(tensor, k, i)));
      }
      List<Double> sorted = new ArrayList<>(sizes);
      sorted.sort(Collections.reverseOrder());
      for (int i = 0; i < SIZE; i++) {
        keeps[k][i] = sizes.get(i) >= sorted.get(kept - 1);
      }
    }
    for (int i = 0; i < SIZE; i++) {
      double positive = 0;
      double negative = 0;
      for (int k = 0; k < members; k++) {
        double mass = keeps[k][i] ? weights[k] * delta(tensor, k, i) : 0;
        positive += Math.max(0, mass);
        negative += Math.max(0, -mass);
      }
      double sum = 0;
      double share = 0;
      for (int k = 0; k < members; k++) {
        double d = delta(tensor, k, i);
        if (keeps[k][i] && (positive > negative ? d > 0 : d < 0)) {
          sum += weights[k] * d;
          share += weights[k];
        }
      }
      double expected = tensor.requiredBase()[i] + (share == 0 ? 0 : scale * sum / share);
      assertThat((double) merged[i]).isCloseTo(expected, within(1e-6));
    }
  }

  @Property(tries = 300)
  void theKthLargestMagnitudeIsThatOfSorting(
      @ForAll float[] values, @ForAll @IntRange(min = 0, max = 1000) int at) {
    if (values.length > 0) {
      double[] sorted = new double[values.length];
      Arrays.setAll(sorted, i -> Math.abs(values[i]));
      Arrays.sort(sorted);
      int k = 1 + at % values.length;
      assertThat((double) Magnitudes.largest(values, k)).isEqualTo(sorted[values.length - k]);
    }
  }

  @Property(tries = 100)
  void dareKeepsWholeOrDropsAndRescales(
      @ForAll long seed, @ForAll @DoubleRange(min = 0, max = 0.95) double rate) {
    MergeTensor tensor = tensor(seed, 0.7);
    float[] merged = MergeMethod.dare(rate, seed).merge(tensor);
    for (int i = 0; i < SIZE; i++) {
      double base = tensor.requiredBase()[i];
      double kept = base + 0.7 * delta(tensor, 0, i) / (1 - rate);
      assertThat(Math.min(Math.abs(merged[i] - base), Math.abs(merged[i] - kept)))
          .isLessThan(1e-6 * (1 + Math.abs(kept)));
    }
    assertThat(MergeMethod.dare(rate, seed).merge(tensor)).isEqualTo(merged);
  }

  @Example
  void dareKeepsTheExpectationAndDropsTheRate() {
    int size = 20_000;
    float[] values = new float[size];
    Arrays.fill(values, 1);
    MergeTensor tensor =
        new MergeTensor(
            "w",
            new float[size],
            List.of(
                new MergeTensor.Member("a", 1, values), new MergeTensor.Member("b", 1, values)));
    float[] merged = MergeMethod.dare(0.75, 5).merge(tensor);
    int both = 0;
    double sum = 0;
    for (float value : merged) {
      sum += value;
      both += value == 8 ? 1 : 0;
    }
    // 1/16 of the elements survive in both members where the masks are independent.
    assertThat(both / (double) size).isCloseTo(0.0625, within(0.006));
    assertThat(sum / size).isCloseTo(2, within(0.06));
    assertThat(MergeMethod.dare(0.75, 6).merge(tensor)).isNotEqualTo(merged);
    MergeTensor plain = tensor(3, 0.2, -1.1);
    assertThat(MergeMethod.dare(0, 9).merge(plain))
        .isEqualTo(MergeMethod.taskArithmetic().merge(plain));
  }

  /** On a circle: the angle to the first grows in proportion to the second's weight. */
  @Property(tries = 200)
  void slerpTurnsByAShareOfTheAngle(
      @ForAll @DoubleRange(min = 0.05, max = 3.0) double angle,
      @ForAll @DoubleRange(min = 0, max = 1) double share) {
    float[] first = {1, 0};
    float[] second = {(float) Math.cos(angle), (float) Math.sin(angle)};
    MergeTensor tensor =
        new MergeTensor(
            "w",
            null,
            List.of(
                new MergeTensor.Member("a", 1 - share, first),
                new MergeTensor.Member("b", share, second)));
    float[] merged = MergeMethod.slerp().merge(tensor);
    assertThat(Math.atan2(merged[1], merged[0])).isCloseTo(share * angle, within(2e-6));
    assertThat(Math.hypot(merged[0], merged[1])).isCloseTo(1, within(2e-6));
  }

  @Property(tries = 100)
  void slerpIsLinearWhereVectorsAreNearlyParallel(
      @ForAll long seed, @ForAll @DoubleRange(min = 0, max = 1) double share) {
    float[] first = vector(new Random(seed), 1);
    float[] second = first.clone();
    for (int i = 0; i < SIZE; i++) {
      second[i] *= -1.5f;
    }
    MergeTensor tensor =
        new MergeTensor(
            "w",
            null,
            List.of(
                new MergeTensor.Member("a", 1 - share, first),
                new MergeTensor.Member("b", share, second)));
    assertThat(MergeMethod.slerp().merge(tensor)).isEqualTo(MergeMethod.average().merge(tensor));
  }

  @Property(tries = 100)
  void verticesAndEqualMembersKeepEveryBit(
      @ForAll long seed, @ForAll @IntRange(min = 2, max = 5) int members) {
    int vertex = (int) Math.floorMod(seed, (long) members);
    double[] weights = new double[members];
    weights[vertex] = 1;
    MergeTensor tensor = tensor(seed, weights);
    assertBits(MergeMethod.average().merge(tensor), tensor.members().get(vertex).values());
    float[] one = tensor.members().get(0).values();
    List<MergeTensor.Member> equal = new ArrayList<>();
    for (double weight : simplex(seed, members)) {
      equal.add(new MergeTensor.Member("m", weight, one));
    }
    assertBits(MergeMethod.average().merge(new MergeTensor("w", null, equal)), one);
  }

  private static void assertBits(float[] found, float[] expected) {
    for (int i = 0; i < expected.length; i++) {
      assertThat(Float.floatToRawIntBits(found[i])).isEqualTo(Float.floatToRawIntBits(expected[i]));
    }
  }

  @Property(tries = 100)
  void averageIsLinearInTheWeights(
      @ForAll long seed, @ForAll @DoubleRange(min = 0, max = 1) double share) {
    double[] one = simplex(seed, 3);
    double[] two = simplex(seed + 77, 3);
    double[] between = new double[3];
    Arrays.setAll(between, k -> share * one[k] + (1 - share) * two[k]);
    float[] ofOne = MergeMethod.average().merge(tensor(seed, one));
    float[] ofTwo = MergeMethod.average().merge(tensor(seed, two));
    float[] merged = MergeMethod.average().merge(tensor(seed, between));
    for (int i = 0; i < SIZE; i++) {
      assertThat((double) merged[i])
          .isCloseTo(share * ofOne[i] + (1 - share) * ofTwo[i], within(1e-6));
    }
  }

  @Example
  void refusals() {
    assertThatThrownBy(() -> MergeMethod.average().merge(tensor(1, 0.5, 0.6)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("weights must add up to 1 but [0.5, 0.6] add up to 1.1");
    assertThatThrownBy(() -> MergeMethod.average().merge(tensor(1, 1.5, -0.5)))
        .hasMessageStartingWith("weights must not be negative but were [1.5, -0.5]");
    assertThatThrownBy(() -> MergeMethod.slerp().check(new double[] {0.2, 0.3, 0.5}))
        .hasMessageContaining("is of two models but there are 3");
    assertThatThrownBy(() -> MergeMethod.taskArithmetic().check(new double[] {Double.NaN}))
        .hasMessage("weights must be finite but were [NaN]");
    assertThatThrownBy(() -> MergeMethod.ties(0))
        .hasMessage("density must be in (0, 1] but was 0.0");
    assertThatThrownBy(() -> MergeMethod.ties(1, -1))
        .hasMessage("scale must be positive and finite but was -1.0");
    assertThatThrownBy(() -> MergeMethod.dare(1, 0))
        .hasMessage("dropRate must be in [0, 1) but was 1.0");
    assertThatThrownBy(
            () ->
                MergeMethod.taskArithmetic()
                    .merge(new MergeTensor("w", null, tensor(1, 1).members())))
        .hasMessageContaining("needs the base model's 'w' but there is none");
    assertThatThrownBy(() -> new MergeTensor("w", new float[3], tensor(1, 1).members()))
        .hasMessage("'w' must have as many values everywhere but has 37 and 3");
    assertThatThrownBy(() -> new MergeTensor("w", null, List.of()))
        .hasMessage("members must be at least one but there is none");
  }
}
