package org.alignment4j.rlhf.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.alignment4j.api.evaluation.Estimate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Studies simulated with gold rewards that are known. */
class GoldFallTest {

  private static final int STUDIES = 400;
  private static final int PROMPTS = 120;

  /** 2.5 % of 400, and 2 standard deviations of a binomial count more. */
  private static final int ALLOWED = 16;

  /**
   * Rewards of policies whose means are given, over prompts that differ.
   *
   * @param walk whether a policy's noise is the one's before and some more, as in a run
   */
  private static List<double[]> study(double[] means, boolean walk, Random random) {
    double[][] rewards = new double[means.length][PROMPTS];
    for (int p = 0; p < PROMPTS; p++) {
      double prompt = 2 * random.nextGaussian();
      double before = 0;
      for (int i = 0; i < means.length; i++) {
        double noise = random.nextGaussian() + (walk ? before : 0);
        rewards[i][p] = prompt + means[i] + noise;
        before = noise;
      }
    }
    return Arrays.asList(rewards);
  }

  private static List<Estimate> studies(double[] means, boolean walk) {
    Random random = new Random(means.length + (walk ? 100 : 0));
    return IntStream.range(0, STUDIES)
        .mapToObj(s -> GoldFall.of(study(means, walk, random)))
        .toList();
  }

  @ParameterizedTest
  @CsvSource({"2,false", "4,false", "8,false", "16,false", "4,true", "8,true", "16,true"})
  void equalPoliciesAreRarelySaidToFall(int policies, boolean walk) {
    List<Estimate> falls = studies(new double[policies], walk);
    assertThat(falls.stream().filter(f -> f.ciHigh() < 0).count()).isLessThanOrEqualTo(ALLOWED);
    assertThat(falls.stream().filter(f -> f.ciLow() > 0)).isEmpty();
  }

  /** Both sides of the interval may be missed: 5 % of 400, and 2 standard deviations more. */
  @ParameterizedTest
  @ValueSource(ints = {4, 8, 16})
  void aTrueFallIsCoveredAndFound(int policies) {
    double[] means = new double[policies];
    Arrays.setAll(means, i -> i < policies / 2 ? 0.1 * i : 0);
    means[policies / 2] = 1;
    means[policies - 1] = 0.4;
    List<Estimate> falls = studies(means, false);
    assertThat(falls.stream().filter(f -> f.ciLow() <= -0.6 && -0.6 <= f.ciHigh()).count())
        .isGreaterThanOrEqualTo(STUDIES - 29);
    assertThat(falls.stream().filter(f -> f.ciHigh() < 0).count()).isGreaterThan(STUDIES * 4 / 5);
    // Where the choice is clear, the mean is the fall; 4 standard errors of it.
    assertThat(falls.stream().mapToDouble(Estimate::value).average().orElseThrow())
        .isCloseTo(-0.6, within(4 * Math.sqrt(2.0 / PROMPTS / STUDIES) + 0.01));
  }

  /** The choice of each half, its comparison on the other, and the bounds, by hand. */
  @Test
  void aSmallTable() {
    double[] first = {3, 0, 5, 1, 4, 0};
    double[] second = {0, 2, 1, 4, 1, 5};
    double[] last = {1, 1, 2, 2, 1, 1};
    Estimate fall = GoldFall.of(List.of(first, second, last));
    // Prompts 0, 2 and 4 choose the first for the others, 1, 3 and 5 the second.
    assertThat(fall.ciHigh()).isZero();
    assertThat(fall.value()).as("5/6 kept inside the interval").isZero();
    // The mean less t(5) standard errors, of either.
    double[] differences = {1, -1, 1, -2, 0, -4};
    double mean = Arrays.stream(differences).average().orElseThrow();
    double squares = Arrays.stream(differences).map(d -> (d - mean) * (d - mean)).sum();
    double[] others = {-2, 1, -3, 1, -3, 1};
    double otherMean = Arrays.stream(others).average().orElseThrow();
    double otherSquares = Arrays.stream(others).map(d -> (d - otherMean) * (d - otherMean)).sum();
    double t = 2.5705818;
    assertThat(fall.ciLow())
        .isCloseTo(
            Math.min(
                mean - t * Math.sqrt(squares / 5 / 6),
                otherMean - t * Math.sqrt(otherSquares / 5 / 6)),
            within(1e-6));
    assertThat(fall.n()).isEqualTo(6);
  }

  @Test
  void theBoundAboveIsBonferronis() {
    double[] last = {0, 0, 0, 0, 0, 0};
    double[] near = {1, 1.5, 2, 1, 1.5, 2};
    double[] far = {5, 5.5, 6, 5, 5.5, 6};
    Estimate fall = GoldFall.of(List.of(near, far, last));
    assertThat(fall.value()).isCloseTo(-5.5, within(1e-12));
    double error = Math.sqrt(1.0 / 5 / 6);
    assertThat(fall.ciLow()).isCloseTo(-5.5 - 2.5705818 * error, within(1e-6));
    assertThat(fall.ciHigh())
        .as("t(5) at 0.9875")
        .isCloseTo(-5.5 + 3.1633814 * error, within(1e-6));
  }

  @Test
  void nothingToCompare() {
    double[] rewards = {1, 2, 4};
    Estimate alone = GoldFall.of(List.of(rewards));
    assertThat(alone.value()).isZero();
    assertThat(alone.ciHigh()).isZero();
    Estimate same = GoldFall.of(Collections.nCopies(3, rewards));
    assertThat(same.value()).isZero();
    assertThat(same.ciHigh()).isZero();
    Estimate one = GoldFall.of(List.of(new double[] {2}, new double[] {1}));
    assertThat(one.ciLow()).isNaN();
    Estimate constant = GoldFall.of(List.of(new double[] {2, 3}, new double[] {1, 2}));
    assertThat(constant.value()).isEqualTo(-1);
    assertThat(constant.ciHigh()).as("without spread nothing is known").isNaN();
  }
}
