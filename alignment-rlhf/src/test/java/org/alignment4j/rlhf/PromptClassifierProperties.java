package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/** The classifier of prompts against plain gradient descent, and what must not change it. */
class PromptClassifierProperties {

  private static List<double[]> samples(SplittableRandom random, int count, int width, double at) {
    List<double[]> samples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      samples.add(random.doubles(width, at - 2, at + 2).toArray());
    }
    return samples;
  }

  /** The minimum by many small steps, written as the formula reads. */
  private static double[] descended(List<double[]> good, List<double[]> bad) {
    int width = good.get(0).length;
    double all = good.size() + bad.size();
    double[] theta = new double[width + 1];
    for (int step = 0; step < 60_000; step++) {
      double[] gradient = new double[width + 1];
      for (int j = 0; j < width; j++) {
        gradient[j] = theta[j];
      }
      for (int kind = 0; kind < 2; kind++) {
        List<double[]> some = kind == 0 ? good : bad;
        for (double[] x : some) {
          double z = theta[width];
          for (int j = 0; j < width; j++) {
            z += theta[j] * x[j];
          }
          double p = 1 / (1 + Math.exp(-z));
          double pull = all / (2 * some.size()) * (p - (kind == 0 ? 1 : 0));
          for (int j = 0; j < width; j++) {
            gradient[j] += pull * x[j];
          }
          gradient[width] += pull;
        }
      }
      for (int j = 0; j <= width; j++) {
        theta[j] -= gradient[j] * 0.25 / (1 + all);
      }
    }
    return theta;
  }

  @Property(tries = 15)
  void itIsTheMinimum(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 9) int good,
      @ForAll @IntRange(min = 1, max = 9) int bad,
      @ForAll @IntRange(min = 1, max = 3) int width) {
    SplittableRandom random = new SplittableRandom(seed);
    List<double[]> desirable = samples(random, good, width, 0.5);
    List<double[]> undesirable = samples(random, bad, width, -0.5);
    PromptClassifier found = PromptClassifier.fit(desirable, undesirable);
    double[] expected = descended(desirable, undesirable);
    for (int j = 0; j < width; j++) {
      assertThat(found.weights()[j]).isCloseTo(expected[j], within(1e-8));
    }
    assertThat(found.intercept()).isCloseTo(expected[width], within(1e-8));
  }

  @Property(tries = 60)
  void neitherOrderNorPlaceOfTheEmbeddingsMattersAndKindsAreOpposite(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 30) int good,
      @ForAll @IntRange(min = 1, max = 30) int bad,
      @ForAll @IntRange(min = 1, max = 40) int width,
      @ForAll @DoubleRange(min = -1e6, max = 1e6) double shift) {
    SplittableRandom random = new SplittableRandom(seed);
    List<double[]> desirable = samples(random, good, width, 1);
    List<double[]> undesirable = samples(random, bad, width, -1);
    PromptClassifier plain = PromptClassifier.fit(desirable, undesirable);
    PromptClassifier swapped = PromptClassifier.fit(undesirable, desirable);
    PromptClassifier moved =
        PromptClassifier.fit(moved(desirable, shift), moved(undesirable, shift));
    List<double[]> turned = new ArrayList<>(desirable);
    Collections.reverse(turned);
    PromptClassifier reversed = PromptClassifier.fit(turned, undesirable);
    for (double[] x : samples(random, 5, width, 0)) {
      double odds = plain.logOdds(x);
      assertThat(swapped.logOdds(x)).isCloseTo(-odds, within(1e-7));
      assertThat(reversed.logOdds(x)).isCloseTo(odds, within(1e-7));
      assertThat(moved.logOdds(moved(List.of(x), shift).get(0))).isCloseTo(odds, within(1e-6));
    }
  }

  private static List<double[]> moved(List<double[]> samples, double shift) {
    return samples.stream()
        .map(x -> java.util.Arrays.stream(x).map(v -> v + shift).toArray())
        .toList();
  }

  /** However many there are of one kind: the odds are of densities, not of numbers. */
  @Property(tries = 30)
  void equalPromptsHaveEvenOdds(@ForAll long seed, @ForAll @IntRange(min = 1, max = 20) int more) {
    List<double[]> prompts = samples(new SplittableRandom(seed), 4, 3, 0);
    List<double[]> repeated = new ArrayList<>();
    for (int i = 0; i < more; i++) {
      repeated.addAll(prompts);
    }
    PromptClassifier found = PromptClassifier.fit(prompts, repeated);
    for (double[] x : prompts) {
      assertThat(found.logOdds(x)).isCloseTo(0, within(1e-8));
    }
  }

  /** Numbers of thousands, as unscaled states have them, and kinds that a plane separates. */
  @Property(tries = 20)
  void largeAndSeparableEmbeddingsConverge(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<double[]> desirable = new ArrayList<>();
    List<double[]> undesirable = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      desirable.add(random.doubles(50, 1000, 5000).toArray());
      undesirable.add(random.doubles(50, -5000, -1000).toArray());
    }
    PromptClassifier found = PromptClassifier.fit(desirable, undesirable);
    assertThat(desirable).allSatisfy(x -> assertThat(found.logOdds(x)).isPositive().isFinite());
    assertThat(undesirable).allSatisfy(x -> assertThat(found.logOdds(x)).isNegative().isFinite());
  }
}
