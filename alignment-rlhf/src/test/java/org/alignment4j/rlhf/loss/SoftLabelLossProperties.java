package org.alignment4j.rlhf.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.alignment4j.rlhf.loss.ConfidenceLoss.WarmUp;

/** Losses of soft labels against formulas on plain numbers. */
class SoftLabelLossProperties {

  private static final double EXACT = 1e-9;

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private static double crossEntropy(double r, double t) {
    double p = sigmoid(r);
    return -t * Math.log(p) - (1 - t) * Math.log(1 - p);
  }

  /** Quantile by linear interpolation of the sorted numbers. */
  private static double quantile(double[] values, double level) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double place = level * (sorted.length - 1);
    int low = (int) Math.floor(place);
    int high = Math.min(low + 1, sorted.length - 1);
    return sorted[low] + (place - low) * (sorted[high] - sorted[low]);
  }

  /** The published procedure on probabilities of class 0. */
  private static double[] confident(double[] r, double[] labels, double c) {
    double[] p0 = Arrays.stream(r).map(x -> 1 - sigmoid(x)).toArray();
    double threshold = quantile(p0, Arrays.stream(labels).average().orElseThrow());
    double[] targets = new double[r.length];
    Arrays.setAll(targets, i -> (1 - c) * labels[i] + c * (p0[i] >= threshold ? 0 : 1));
    return targets;
  }

  private static double[] scores(int n, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return random.doubles(n, -4, 4).toArray();
  }

  private static double[] labels(int n, long seed) {
    return new SplittableRandom(~seed).doubles(n, 0, 1).toArray();
  }

  private static void hasTargets(SoftLabelLosses.Values found, double[] r, double[] targets) {
    int n = r.length;
    assertThat(found.targets()).containsExactly(targets, within(EXACT));
    double sum = 0;
    for (int i = 0; i < n; i++) {
      double loss = crossEntropy(r[i], targets[i]);
      assertThat(found.losses()[i]).isCloseTo(loss, within(EXACT));
      // the target stands still while the score moves
      double up = crossEntropy(r[i] + 1e-5, targets[i]);
      double down = crossEntropy(r[i] - 1e-5, targets[i]);
      assertThat(found.gradients()[i]).isCloseTo((up - down) / 2e-5 / n, within(1e-7));
      sum += loss;
    }
    assertThat(found.loss()).isCloseTo(sum / n, within(EXACT));
  }

  @Property(tries = 40)
  void crossEntropyLearnsTheLabels(@ForAll @IntRange(min = 1, max = 9) int n, @ForAll long seed) {
    double[] r = scores(n, seed);
    double[] labels = labels(n, seed);
    hasTargets(SoftLabelLosses.evaluate(new SoftCrossEntropy(), r, labels, 0.5), r, labels);
  }

  @Property(tries = 80)
  void confidenceMixesInTheOwnClassAtTheBatchsQuantile(
      @ForAll @IntRange(min = 1, max = 33) int n,
      @ForAll long seed,
      @ForAll @DoubleRange(min = 0, max = 1) double fraction) {
    double[] r = scores(n, seed);
    double[] labels = labels(n, seed);
    ConfidenceLoss loss = ConfidenceLoss.of(WarmUp.LINEAR);
    double c = 0.5 * Math.min(1, fraction / 0.1);
    assertThat(loss.confidence(fraction)).isCloseTo(c, within(EXACT));
    hasTargets(SoftLabelLosses.evaluate(loss, r, labels, fraction), r, confident(r, labels, c));
  }

  @Property(tries = 40)
  void tiedScoresAreOfOneClass(@ForAll @IntRange(min = 2, max = 12) int n, @ForAll long seed) {
    double[] r = Arrays.stream(scores(n, seed)).map(x -> Math.rint(x / 3)).toArray();
    double[] labels = labels(n, seed);
    hasTargets(
        SoftLabelLosses.evaluate(ConfidenceLoss.of(WarmUp.STEP), r, labels, 1),
        r,
        confident(r, labels, 0.5));
  }

  @Property(tries = 40)
  void productIsTheNormalisedProduct(
      @ForAll @IntRange(min = 1, max = 9) int n,
      @ForAll long seed,
      @ForAll @DoubleRange(min = 0.1, max = 3) double alpha,
      @ForAll @DoubleRange(min = 0, max = 3) double beta) {
    double[] r = scores(n, seed);
    double[] labels = labels(n, seed);
    double[] targets = new double[n];
    for (int i = 0; i < n; i++) {
      double one = Math.pow(sigmoid(r[i]), beta) * Math.pow(labels[i], alpha);
      double zero = Math.pow(1 - sigmoid(r[i]), beta) * Math.pow(1 - labels[i], alpha);
      targets[i] = one / (one + zero);
    }
    hasTargets(SoftLabelLosses.evaluate(new ProductLoss(alpha, beta), r, labels, 0), r, targets);
  }

  /** As many are of class 0 as the labels say, wherever the scores lie. */
  @Example
  void theBalanceIsThatOfTheLabels() {
    double[] r = {5, 6, 7, 8};
    double[] labels = {0, 0, 0, 1};
    double[] targets =
        SoftLabelLosses.evaluate(new ConfidenceLoss(1, WarmUp.LINEAR, 0), r, labels, 0.5).targets();
    assertThat(targets).containsExactly(0, 0, 0, 1);
    assertThat(
            SoftLabelLosses.evaluate(
                    new ConfidenceLoss(1, WarmUp.LINEAR, 0), r, new double[] {1, 1, 0, 0}, 0.5)
                .targets())
        .containsExactly(0, 0, 1, 1);
  }

  @Example
  void certainLabelsOfAProductStay() {
    SoftLabelLosses.Values values =
        SoftLabelLosses.evaluate(
            ProductLoss.standard(), new double[] {3, -3}, new double[] {0, 1}, 0);
    assertThat(values.targets()).containsExactly(new double[] {0, 1}, within(1e-7));
    assertThat(values.loss()).isCloseTo(Math.log1p(Math.exp(3)), within(1e-5));
  }

  @Example
  void warmUpIsAStepOrARamp() {
    ConfidenceLoss step = ConfidenceLoss.of(WarmUp.STEP);
    ConfidenceLoss ramp = ConfidenceLoss.of(WarmUp.LINEAR);
    assertThat(step.confidence(0)).isZero();
    assertThat(step.confidence(0.1)).isCloseTo(0.05, within(EXACT));
    assertThat(step.confidence(0.101)).isEqualTo(0.5);
    assertThat(ramp.confidence(0.05)).isCloseTo(0.25, within(EXACT));
    assertThat(ramp.confidence(0.1)).isEqualTo(0.5);
    assertThat(ramp.confidence(0.9)).isEqualTo(0.5);
    assertThat(new SoftCrossEntropy().confidence(0.9)).isZero();
  }

  @Example
  void settingsAndInputsAreChecked() {
    assertThatThrownBy(() -> new ConfidenceLoss(1.5, WarmUp.STEP, 0.1))
        .hasMessage("weight must be in [0, 1] but was 1.5");
    assertThatThrownBy(() -> new ConfidenceLoss(0.5, WarmUp.STEP, 1))
        .hasMessage("warmUpShare must be in [0, 1) but was 1.0");
    assertThatThrownBy(() -> ConfidenceLoss.of(WarmUp.STEP).confidence(1.5))
        .hasMessage("stepFraction must be in [0, 1] but was 1.5");
    assertThatThrownBy(() -> new ProductLoss(0, 1))
        .hasMessage("alpha must be positive and finite but was 0.0");
    assertThatThrownBy(() -> new ProductLoss(1, -1))
        .hasMessage("beta must be finite and not negative but was -1.0");
    assertThatThrownBy(
            () ->
                SoftLabelLosses.evaluate(
                    new SoftCrossEntropy(), new double[] {1, 2}, new double[] {0.5, 1.5}, 0))
        .hasMessageContaining("labels[1] must be in [0, 1] but was 1.5");
  }
}
