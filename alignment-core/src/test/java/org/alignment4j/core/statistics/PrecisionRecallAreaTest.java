package org.alignment4j.core.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.alignment4j.api.evaluation.Estimate;
import org.junit.jupiter.api.Test;

class PrecisionRecallAreaTest {

  private static double area(double[] scores, boolean[] positive) {
    int[] each = IntStream.range(0, scores.length).toArray();
    return PrecisionRecallArea.of(scores, positive, each, new Bootstrap(2, 1, 0.95))
        .estimate()
        .value();
  }

  /** Precision and recall at every threshold, counted anew each time. */
  private static double naive(double[] scores, boolean[] positive) {
    double[] thresholds = Arrays.stream(scores).distinct().sorted().toArray();
    double all = IntStream.range(0, scores.length).filter(i -> positive[i]).count();
    double area = 0;
    double recallBefore = 0;
    for (int t = thresholds.length - 1; t >= 0; t--) {
      double threshold = thresholds[t];
      double above = Arrays.stream(scores).filter(score -> score >= threshold).count();
      double hits =
          IntStream.range(0, scores.length)
              .filter(i -> scores[i] >= threshold && positive[i])
              .count();
      area += (hits / all - recallBefore) * hits / above;
      recallBefore = hits / all;
    }
    return area;
  }

  /** From the documentation of scikit-learn's average_precision_score: 0.83. */
  @Test
  void knownValues() {
    assertThat(area(new double[] {0.1, 0.4, 0.35, 0.8}, new boolean[] {false, false, true, true}))
        .isCloseTo(5.0 / 6, within(1e-15));
    assertThat(area(new double[] {1, 2, 3}, new boolean[] {false, false, true})).isEqualTo(1);
    // All of one score: the share of positive items.
    assertThat(area(new double[4], new boolean[] {true, false, false, false})).isEqualTo(0.25);
  }

  @Test
  void equalsTheNaiveSumWithAndWithoutTies() {
    SplittableRandom random = new SplittableRandom(5);
    for (int round = 0; round < 200; round++) {
      int n = 2 + random.nextInt(40);
      double[] scores = new double[n];
      boolean[] positive = new boolean[n];
      for (int i = 0; i < n; i++) {
        scores[i] = round % 2 == 0 ? random.nextInt(5) : random.nextDouble();
        positive[i] = random.nextInt(3) == 0;
      }
      positive[0] = true;
      positive[1] = false;
      assertThat(area(scores, positive)).isCloseTo(naive(scores, positive), within(1e-12));
    }
  }

  /** Items that a resample holds twice count twice. */
  @Test
  void resamplesHaveTheNaiveAreaToo() {
    SplittableRandom random = new SplittableRandom(8);
    double[] scores = random.doubles(60, 0, 4).map(Math::rint).toArray();
    boolean[] positive = new boolean[60];
    int[] clusters = new int[60];
    for (int i = 0; i < 60; i++) {
      positive[i] = random.nextInt(3) == 0;
      clusters[i] = i / 3;
    }
    Bootstrap bootstrap = new Bootstrap(500, 4, 0.9);
    Estimate expected =
        bootstrap
            .of(
                clusters,
                items ->
                    naive(
                        Arrays.stream(items).mapToDouble(i -> scores[i]).toArray(),
                        Selection.of(positive, items)))
            .estimate();
    Estimate area = PrecisionRecallArea.of(scores, positive, clusters, bootstrap).estimate();
    assertThat(area.value()).isCloseTo(expected.value(), within(1e-12));
    assertThat(area.standardError()).isCloseTo(expected.standardError(), within(1e-12));
    assertThat(area.ciLow()).isCloseTo(expected.ciLow(), within(1e-12));
    assertThat(area.ciHigh()).isCloseTo(expected.ciHigh(), within(1e-12));
  }

  @Test
  void guessingScoresTheShareOfPositiveItems() {
    SplittableRandom random = new SplittableRandom(6);
    int covered = 0;
    for (int round = 0; round < 40; round++) {
      double[] scores = new double[400];
      boolean[] positive = new boolean[400];
      int[] clusters = new int[400];
      for (int i = 0; i < 400; i++) {
        scores[i] = random.nextDouble();
        positive[i] = i % 4 != 0;
        clusters[i] = i / 4;
      }
      Estimate area =
          PrecisionRecallArea.of(scores, positive, clusters, new Bootstrap(300, round, 0.95))
              .estimate();
      assertThat(area.clusters()).isEqualTo(100);
      covered += area.contains(0.75) ? 1 : 0;
    }
    assertThat(covered).isGreaterThanOrEqualTo(34);
  }

  @Test
  void refusesWhatTellsNothing() {
    int[] each = {0, 1};
    Bootstrap bootstrap = Bootstrap.seeded(1);
    double[] scores = {1, 2};
    assertThatThrownBy(() -> PrecisionRecallArea.of(scores, new boolean[2], each, bootstrap))
        .hasMessageContaining("needs items of both classes but 0 of 2 are positive");
    assertThatThrownBy(
            () ->
                PrecisionRecallArea.of(
                    new double[] {1, Double.NaN}, new boolean[] {true, false}, each, bootstrap))
        .hasMessageContaining("scores[1]");
    assertThatThrownBy(
            () ->
                PrecisionRecallArea.of(scores, new boolean[] {true, false}, new int[1], bootstrap))
        .hasMessageContaining("must have the same length");
  }
}
