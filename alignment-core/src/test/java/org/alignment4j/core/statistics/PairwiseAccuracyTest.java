package org.alignment4j.core.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.alignment4j.api.evaluation.Estimate;
import org.junit.jupiter.api.Test;

class PairwiseAccuracyTest {

  private static final double[] DIFFERENCES = {0.5, -0.75, 0, -0.5, 1.25};
  private static final double[] PROBABILITIES = {1, 0.2, 0.9, 0.5, 0.7};

  private static double[] filled(int n, double value) {
    double[] values = new double[n];
    Arrays.fill(values, value);
    return values;
  }

  @Test
  void byHand() {
    assertThat(PairwiseAccuracy.outcomes(DIFFERENCES, PROBABILITIES))
        .containsExactly(new double[] {1, 0.8, 0.5, 0.5, 0.7}, within(1e-15));
    Estimate halves = PairwiseAccuracy.of(DIFFERENCES, PROBABILITIES);
    assertThat(halves.value()).isCloseTo(3.5 / 5, within(1e-15));
    assertThat(halves.n()).isEqualTo(5);
    assertThat(halves.unscored()).isZero();
    Estimate without = PairwiseAccuracy.withoutTies(DIFFERENCES, PROBABILITIES);
    assertThat(without.value()).isCloseTo(3.0 / 4, within(1e-15));
    assertThat(without.n()).isEqualTo(4);
    assertThat(without.unscored()).isEqualTo(1);
    assertThat(PairwiseAccuracy.of(new double[0], new double[0]).n()).isZero();
    Estimate onlyTies = PairwiseAccuracy.withoutTies(new double[3], filled(3, 1));
    assertThat(onlyTies.value()).isNaN();
    assertThat(onlyTies.unscored()).isEqualTo(3);
  }

  @Test
  void certainLabelsGiveTheProportionOfHits() {
    for (int right : new int[] {0, 3, 17, 20}) {
      double[] differences = new double[20];
      Arrays.setAll(differences, i -> i < right ? 1 : -1);
      Estimate expected = Estimates.proportion(right, 20);
      assertThat(PairwiseAccuracy.of(differences, filled(20, 1))).isEqualTo(expected);
      assertThat(PairwiseAccuracy.withoutTies(differences, filled(20, 1))).isEqualTo(expected);
    }
  }

  @Test
  void theFigureIsTheExpectationOverLabels() {
    SplittableRandom random = new SplittableRandom(3);
    double sum = 0;
    for (int draw = 0; draw < 20_000; draw++) {
      double[] labels = new double[5];
      Arrays.setAll(labels, i -> random.nextDouble() < PROBABILITIES[i] ? 1 : 0);
      sum += PairwiseAccuracy.of(DIFFERENCES, labels).value();
    }
    // The standard error of the mean is √(Σ p(1−p))/5/√20000 = 0.0012.
    assertThat(sum / 20_000)
        .isCloseTo(PairwiseAccuracy.of(DIFFERENCES, PROBABILITIES).value(), within(0.006));
  }

  @Test
  void exchangedAnswersAndChangedScalesChangeNothing() {
    double[] turned = Arrays.stream(DIFFERENCES).map(d -> -7 * d).toArray();
    double[] opposite = Arrays.stream(PROBABILITIES).map(p -> 1 - p).toArray();
    Estimate one = PairwiseAccuracy.of(DIFFERENCES, PROBABILITIES);
    Estimate other = PairwiseAccuracy.of(turned, opposite);
    assertThat(other.value()).isCloseTo(one.value(), within(1e-15));
    assertThat(other.ciLow()).isCloseTo(one.ciLow(), within(1e-15));
  }

  @Test
  void wrongArgumentsAreNamed() {
    assertThatThrownBy(() -> PairwiseAccuracy.of(new double[2], new double[3]))
        .hasMessageContaining("2 and 3");
    assertThatThrownBy(() -> PairwiseAccuracy.of(new double[2], new double[] {1, 1.5}))
        .hasMessage("probabilities[1] must be a number in [0, 1] but was 1.5");
    assertThatThrownBy(
            () -> PairwiseAccuracy.withoutTies(new double[] {0, Double.NaN}, new double[2]))
        .hasMessageContaining("differences[1] must be a number but was NaN");
  }

  @Test
  void uncertainLabelsHaveACeiling() {
    assertThat(PairwiseAccuracy.ceiling(PROBABILITIES))
        .isCloseTo((1 + 0.8 + 0.9 + 0.5 + 0.7) / 5, within(1e-15));
    double[] best = Arrays.stream(PROBABILITIES).map(p -> p - 0.5).toArray();
    assertThat(PairwiseAccuracy.of(best, PROBABILITIES).value())
        .isCloseTo(PairwiseAccuracy.ceiling(PROBABILITIES), within(1e-15));
    assertThat(PairwiseAccuracy.ceiling(filled(3, 0))).isEqualTo(1);
    assertThat(PairwiseAccuracy.ceiling(new double[0])).isNaN();
    assertThatThrownBy(() -> PairwiseAccuracy.ceiling(new double[] {1, -0.5}))
        .hasMessageContaining("probabilities[1]");
  }

  @Test
  void pairsOfOnePromptCountTogether() {
    double[] differences = {1, 1, 1, 1, -1, -1, -1, -1};
    int[] prompts = {0, 0, 1, 1, 2, 2, 3, 3};
    Estimate clustered = PairwiseAccuracy.of(differences, filled(8, 1), prompts);
    Estimate independent = PairwiseAccuracy.of(differences, filled(8, 1));
    assertThat(clustered.value()).isEqualTo(independent.value());
    assertThat(clustered.clusters()).isEqualTo(4);
    assertThat(clustered.ciLow()).isLessThan(independent.ciLow());
    assertThat(PairwiseAccuracy.of(differences, filled(8, 1), new int[] {0, 1, 2, 3, 4, 5, 6, 7}))
        .isEqualTo(independent);
  }
}
