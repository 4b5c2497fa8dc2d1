package org.alignment4j.core.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.SharedFiles;
import org.junit.jupiter.api.Test;

class CalibrationTest {

  private static JsonNode fixture() throws IOException {
    return new ObjectMapper().readTree(SharedFiles.require("fixtures/eval/ece.json").toFile());
  }

  private static double[][] logits(JsonNode fixture) {
    double[][] logits = new double[fixture.get("logits").size()][4];
    for (int i = 0; i < logits.length; i++) {
      for (int k = 0; k < 4; k++) {
        logits[i][k] = fixture.get("logits").get(i).get(k).asDouble();
      }
    }
    return logits;
  }

  private static int[] labels(JsonNode fixture) {
    int[] labels = new int[fixture.get("labels").size()];
    Arrays.setAll(labels, i -> fixture.get("labels").get(i).asInt());
    return labels;
  }

  private static double[] softmax(double[] logits, double temperature) {
    double[] weights = Arrays.stream(logits).map(l -> Math.exp(l / temperature)).toArray();
    double sum = Arrays.stream(weights).sum();
    return Arrays.stream(weights).map(w -> w / sum).toArray();
  }

  @Test
  void expectedErrorAsTheReferenceImplementation() throws IOException {
    JsonNode fixture = fixture();
    double[][] logits = logits(fixture);
    int[] labels = labels(fixture);
    double[] confidences = new double[labels.length];
    boolean[] correct = new boolean[labels.length];
    for (int i = 0; i < labels.length; i++) {
      double[] p = softmax(logits[i], 1);
      confidences[i] = Arrays.stream(p).max().orElseThrow();
      correct[i] = p[labels[i]] == confidences[i];
    }
    assertThat(fixture.get("ece").size()).isEqualTo(4);
    for (int bins : new int[] {5, 10, 15, 20}) {
      ReliabilityTable table = ReliabilityTable.of(confidences, correct, Binning.equalWidth(bins));
      assertThat(table.expectedError())
          .isCloseTo(fixture.get("ece").get(Integer.toString(bins)).asDouble(), within(1e-6));
      assertThat(table.maximumError()).isGreaterThanOrEqualTo(table.expectedError());
    }
  }

  @Test
  void temperatureOfTheReferenceLogitsIsTheMinimum() throws IOException {
    JsonNode fixture = fixture();
    double[][] logits = logits(fixture);
    int[] labels = labels(fixture);
    TemperatureScaling fitted = TemperatureScaling.ofLogits(logits, labels);
    double[] losses = new double[3];
    double[] temperatures = {
      fitted.temperature() * 0.999, fitted.temperature(), fitted.temperature() * 1.001
    };
    for (int t = 0; t < 3; t++) {
      for (int i = 0; i < labels.length; i++) {
        losses[t] -= Math.log(softmax(logits[i], temperatures[t])[labels[i]]) / labels.length;
      }
    }
    assertThat(fitted.lossAfter()).isCloseTo(losses[1], within(1e-12));
    assertThat(losses[1]).isLessThan(losses[0]).isLessThan(losses[2]);
    // A parabola through the three has its vertex at the fitted value.
    assertThat((losses[2] - losses[0]) / (losses[2] + losses[0] - 2 * losses[1]))
        .isCloseTo(0, within(0.02));
    assertThat(fitted.lossBefore()).isGreaterThanOrEqualTo(fitted.lossAfter());
    assertThat(fitted.n()).isEqualTo(300);
  }

  @Test
  void tableByHand() {
    double[] confidences = {0, 0.5, 0.5, 0.6, 0.9, 1};
    boolean[] correct = {true, false, true, true, true, true};
    ReliabilityTable table = ReliabilityTable.of(confidences, correct, Binning.equalWidth(2));
    ReliabilityTable.Bin low = table.bins().get(0);
    assertThat(low.n()).isEqualTo(3);
    assertThat(low.meanConfidence()).isCloseTo(1.0 / 3, within(1e-15));
    assertThat(low.accuracy()).isEqualTo(Estimates.proportion(2, 3));
    assertThat(table.bins().get(1).n()).isEqualTo(3);
    assertThat(table.expectedError()).isCloseTo((1.0 / 3 + 1 - 2.5 / 3) / 2, within(1e-15));
    assertThat(table.maximumError()).isCloseTo(1.0 / 3, within(1e-15));
  }

  @Test
  void outcomesMayBeUncertainAndBinsBeginAtOneHalf() {
    double[] confidences = {0.5, 0.6, 0.75, 0.8, 1};
    double[] outcomes = {0.5, 0.9, 0, 0.25, 1};
    Binning half = Binning.equalWidth(0.5, 2);
    ReliabilityTable table = ReliabilityTable.of(confidences, outcomes, half);
    assertThat(table.bins()).extracting(ReliabilityTable.Bin::n).containsExactly(3L, 2L);
    assertThat(table.bins()).extracting(ReliabilityTable.Bin::low).containsExactly(0.5, 0.75);
    assertThat(table.bins().get(0).accuracy().value()).isCloseTo(1.4 / 3, within(1e-15));
    assertThat(table.bins().get(1).accuracy().value()).isCloseTo(1.25 / 2, within(1e-15));
    assertThat(table.expectedError()).isCloseTo((1.85 - 1.4 + 1.8 - 1.25) / 5, within(1e-15));
    boolean[] certain = {true, false, true, true, false};
    assertThat(ReliabilityTable.of(confidences, new double[] {1, 0, 1, 1, 0}, half))
        .isEqualTo(ReliabilityTable.of(confidences, certain, half));
    assertThatThrownBy(() -> ReliabilityTable.of(new double[] {0.4}, new double[1], half))
        .hasMessageContaining("at least 0.5, where the bins begin, but one was 0.4");
    assertThatThrownBy(() -> ReliabilityTable.of(new double[1], new double[] {2}, half))
        .hasMessageContaining("outcomes[0]");
    assertThatThrownBy(() -> Binning.equalWidth(1, 2)).hasMessageContaining("least must be");
  }

  @Test
  void equalMassKeepsEqualConfidencesTogether() {
    double[] confidences = {0.9, 0.1, 0.2, 0.2, 0.2, 0.8};
    ReliabilityTable table = ReliabilityTable.of(confidences, new boolean[6], Binning.equalMass(3));
    assertThat(table.bins()).extracting(ReliabilityTable.Bin::n).containsExactly(4L, 2L);
    assertThat(table.bins()).extracting(ReliabilityTable.Bin::high).containsExactly(0.2, 1.0);
    double[] distinct = {0.1, 0.2, 0.3, 0.4, 0.6};
    ReliabilityTable two = ReliabilityTable.of(distinct, new boolean[5], Binning.equalMass(2));
    assertThat(two.bins()).extracting(ReliabilityTable.Bin::n).containsExactly(2L, 3L);
    assertThat(two.bins().get(0).high()).isEqualTo(0.25);
    assertThat(ReliabilityTable.of(distinct, new boolean[5], Binning.equalMass(99)).bins())
        .hasSize(5);
    ReliabilityTable same =
        ReliabilityTable.of(new double[] {1, 1, 1}, new boolean[3], Binning.equalMass(2));
    assertThat(same.bins()).extracting(ReliabilityTable.Bin::n).containsExactly(3L);
    ReliabilityTable zeros =
        ReliabilityTable.of(new double[] {0, 0, 0.3, 0}, new boolean[4], Binning.equalMass(4));
    assertThat(zeros.bins()).extracting(ReliabilityTable.Bin::n).containsExactly(3L, 1L);
  }

  @Test
  void oneBinIsTheDistanceOfTheMeans() {
    double[] confidences = {0.2, 0.4, 0.9};
    boolean[] correct = {true, true, false};
    for (Binning one : List.of(Binning.equalMass(1), Binning.equalWidth(1))) {
      assertThat(ReliabilityTable.of(confidences, correct, one).expectedError())
          .isCloseTo(2.0 / 3 - 0.5, within(1e-15));
    }
  }

  @Test
  void emptyBinsAndNoAnswers() {
    ReliabilityTable sparse =
        ReliabilityTable.of(new double[] {0.95}, new boolean[] {true}, Binning.equalWidth(10));
    assertThat(sparse.bins()).hasSize(10);
    assertThat(sparse.bins().get(3).accuracy().n()).isZero();
    assertThat(sparse.bins().get(3).meanConfidence()).isNaN();
    assertThat(sparse.expectedError()).isCloseTo(0.05, within(1e-15));
    assertThat(sparse.maximumError()).isCloseTo(0.05, within(1e-15));
    ReliabilityTable nothing =
        ReliabilityTable.of(new double[0], new boolean[0], Binning.equalMass(10));
    assertThat(nothing.bins()).isEmpty();
    assertThat(nothing.expectedError()).isNaN();
    assertThat(nothing.maximumError()).isNaN();
  }

  @Test
  void expectedErrorWithInterval() {
    Random random = new Random(4);
    double[] confidences = random.doubles(2000).toArray();
    boolean[] correct = new boolean[2000];
    for (int i = 0; i < 2000; i++) {
      correct[i] = random.nextDouble() < 0.7 * confidences[i];
    }
    Bootstrap.Result result =
        ReliabilityTable.expectedError(
            confidences, correct, Binning.equalMass(10), Bootstrap.seeded(1));
    assertThat(result.estimate().value())
        .isEqualTo(
            ReliabilityTable.of(confidences, correct, Binning.equalMass(10)).expectedError());
    // The true error is E[0.3·U] = 0.15.
    assertThat(result.estimate().contains(0.15)).isTrue();
    assertThat(result.estimate().ciHigh() - result.estimate().ciLow()).isLessThan(0.06);
  }

  @Test
  void brierByHand() {
    Estimate binary =
        BrierScore.binary(new double[] {0.8, 0.3, 0.5}, new boolean[] {true, true, false});
    assertThat(binary.value()).isCloseTo((0.04 + 0.49 + 0.25) / 3, within(1e-15));
    Estimate two =
        BrierScore.multiclass(
            new double[][] {{0.8, 0.2}, {0.3, 0.7}, {0.5, 0.5}}, new int[] {0, 0, 1});
    assertThat(two.value()).isCloseTo(2 * binary.value(), within(1e-15));
    Estimate three = BrierScore.multiclass(new double[][] {{0.2, 0.3, 0.5}}, new int[] {1});
    assertThat(three.value()).isCloseTo(0.04 + 0.49 + 0.25, within(1e-15));
    assertThat(BrierScore.binary(new double[0], new boolean[0]).n()).isZero();
  }

  @Test
  void murphysPartsByHand() {
    // Two forecasts: 0.25 with 1 of 4 and 0.75 with 2 of 4 right; overall 3/8.
    double[] p = {0.25, 0.25, 0.25, 0.25, 0.75, 0.75, 0.75, 0.75};
    boolean[] y = {true, false, false, false, true, true, false, false};
    BrierScore.Decomposition parts = BrierScore.decompose(p, y, Binning.equalWidth(2));
    assertThat(parts.reliability()).isCloseTo(0.5 * 0.0625, within(1e-15));
    assertThat(parts.resolution()).isCloseTo(1.0 / 64, within(1e-15));
    assertThat(parts.uncertainty()).isCloseTo(15.0 / 64, within(1e-15));
    assertThat(parts.withinBins()).isCloseTo(0, within(1e-15));
    assertThat(parts.score()).isCloseTo(BrierScore.binary(p, y).value(), within(1e-15));
  }

  @Test
  void selectiveAccuracyByHand() {
    double[] confidences = {0.9, 0.5, 0.5, 0.1};
    SelectiveAccuracy curve =
        SelectiveAccuracy.of(confidences, new boolean[] {true, false, true, false});
    assertThat(curve.accuracies()).containsExactly(1, 0.75, 2.0 / 3, 0.5);
    assertThat(curve.at(0.25)).isEqualTo(1);
    assertThat(curve.at(0.26)).isEqualTo(0.75);
    assertThat(curve.at(1)).isEqualTo(0.5);
    assertThat(curve.area()).isCloseTo((1 + 0.75 + 2.0 / 3 + 0.5) / 4, within(1e-15));
    assertThat(curve.riskArea()).isCloseTo(1 - curve.area(), within(1e-15));
    assertThat(curve.n()).isEqualTo(4);
    double[] thirty = new double[30];
    boolean[] firstThree = new boolean[30];
    Arrays.setAll(thirty, i -> -i);
    Arrays.fill(firstThree, 0, 3, true);
    assertThat(SelectiveAccuracy.of(thirty, firstThree).at(0.1)).isEqualTo(1);
  }

  @Test
  void selectiveAccuracyWithInterval() {
    Random random = new Random(8);
    double[] confidences = random.doubles(500).toArray();
    boolean[] correct = new boolean[500];
    for (int i = 0; i < 500; i++) {
      correct[i] = random.nextDouble() < confidences[i];
    }
    Estimate most = SelectiveAccuracy.at(confidences, correct, 0.2, Bootstrap.seeded(1)).estimate();
    assertThat(most.contains(0.9)).isTrue();
    assertThat(most.value()).isEqualTo(SelectiveAccuracy.of(confidences, correct).at(0.2));
    Estimate area = SelectiveAccuracy.area(confidences, correct, Bootstrap.seeded(1)).estimate();
    // At coverage c the accuracy is 1 − c/2; its mean over c is ¾.
    assertThat(area.contains(0.75)).isTrue();
    assertThat(area.standardError()).isLessThan(0.04);
  }

  @Test
  void temperatureByHand() {
    // Three margins of 1 and one of −1: σ(1/T) = ¾.
    TemperatureScaling fitted = TemperatureScaling.ofMargins(new double[] {1, 1, -1, 1});
    assertThat(fitted.temperature()).isCloseTo(1 / Math.log(3), within(1e-12));
    assertThat(fitted.apply(1)).isCloseTo(Math.log(3), within(1e-12));
    assertThat(fitted.lossAfter())
        .isCloseTo(-(0.75 * Math.log(0.75) + 0.25 * Math.log(0.25)), within(1e-12));
    assertThat(fitted.lossBefore())
        .isCloseTo(0.75 * Math.log1p(Math.exp(-1)) + 0.25 * Math.log1p(Math.E), within(1e-12));
    TemperatureScaling large = TemperatureScaling.ofMargins(new double[] {1e6, 1e6, -1e6, 1e6});
    assertThat(large.temperature()).isCloseTo(1e6 / Math.log(3), within(1e-3));
    TemperatureScaling classes =
        TemperatureScaling.ofLogits(
            new double[][] {{1, 0}, {2, 3}, {-1, 0}, {5, 4}}, new int[] {0, 1, 0, 0});
    assertThat(classes.temperature()).isCloseTo(1 / Math.log(3), within(1e-12));
  }

  @Test
  void temperaturesThatDoNotExistAreRefusedByName() {
    assertThatThrownBy(() -> TemperatureScaling.ofMargins(new double[] {1, 2, 0}))
        .hasMessageContaining("every preferred answer has the higher score");
    assertThatThrownBy(() -> TemperatureScaling.ofMargins(new double[] {1, -2}))
        .hasMessageContaining("no finite temperature fits");
    assertThatThrownBy(() -> TemperatureScaling.ofMargins(new double[] {0, 0}))
        .hasMessageContaining("no finite temperature fits");
    assertThatThrownBy(
            () -> TemperatureScaling.ofLogits(new double[][] {{1, 0}, {0, 2}}, new int[] {0, 1}))
        .hasMessageContaining("the right class always has the highest logit");
    assertThatThrownBy(
            () -> TemperatureScaling.ofLogits(new double[][] {{1, 0}, {0, 2}}, new int[] {1, 0}))
        .hasMessageContaining("no finite temperature fits");
  }

  @Test
  void wrongArgumentsAreNamed() {
    boolean[] two = new boolean[2];
    Binning ten = Binning.equalWidth(10);
    assertThatThrownBy(() -> ReliabilityTable.of(new double[] {0.5, Double.NaN}, two, ten))
        .hasMessage("confidences[1] must be a number in [0, 1] but was NaN");
    assertThatThrownBy(() -> ReliabilityTable.of(new double[] {1.5, 0}, two, ten))
        .hasMessageContaining("confidences[0]");
    assertThatThrownBy(() -> ReliabilityTable.of(new double[1], two, ten))
        .hasMessageContaining("1 and 2");
    assertThatThrownBy(
            () ->
                ReliabilityTable.expectedError(
                    new double[] {0, Double.NaN}, two, ten, Bootstrap.seeded(1)))
        .hasMessageContaining("confidences[1]");
    assertThatThrownBy(() -> Binning.equalWidth(0)).hasMessageContaining("bins must be positive");
    assertThatThrownBy(() -> Binning.equalMass(-1)).hasMessageContaining("bins must be positive");
    assertThatThrownBy(() -> BrierScore.binary(new double[] {0, -1}, two))
        .hasMessageContaining("probabilities[1]");
    assertThatThrownBy(() -> BrierScore.multiclass(new double[][] {{0.5, 0.6}}, new int[] {0}))
        .hasMessageContaining("probabilities[0] must sum to 1 but sum to 1.1");
    assertThatThrownBy(() -> BrierScore.multiclass(new double[][] {{0.5, 0.5}}, new int[] {2}))
        .hasMessageContaining("labels[0] must be in [0, 2) but was 2");
    assertThatThrownBy(() -> BrierScore.decompose(new double[0], new boolean[0], ten))
        .hasMessageContaining("must not be empty");
    assertThatThrownBy(() -> SelectiveAccuracy.of(new double[] {0, Double.NaN}, two))
        .hasMessageContaining("confidences[1]");
    assertThatThrownBy(() -> SelectiveAccuracy.of(new double[0], new boolean[0]))
        .hasMessageContaining("must not be empty");
    assertThatThrownBy(() -> SelectiveAccuracy.of(new double[2], two).at(0))
        .hasMessageContaining("coverage");
    assertThatThrownBy(() -> TemperatureScaling.ofMargins(new double[] {1, Double.NaN}))
        .hasMessageContaining("margins[1]");
    assertThatThrownBy(
            () -> TemperatureScaling.ofLogits(new double[][] {{0, Double.NaN}}, new int[1]))
        .hasMessageContaining("logits[0][1]");
  }

  @Test
  void theLastEdgeIsOne() {
    for (int denominator = 2; denominator < 60; denominator++) {
      for (int bins = 1; bins < 25; bins++) {
        double least = 1.0 / denominator;
        ReliabilityTable table =
            ReliabilityTable.of(
                new double[] {least, 1}, new boolean[2], Binning.equalWidth(least, bins));
        assertThat(table.bins().get(bins - 1).high()).isEqualTo(1);
        assertThat(table.bins().get(bins - 1).n()).isPositive();
      }
    }
  }

  @Test
  void brierIntervalsStayInTheRangeOfTheScore() {
    double[] right = {0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    Estimate one = BrierScore.binary(right, new boolean[10]);
    assertThat(one.value()).isCloseTo(0.1, within(1e-15));
    assertThat(one.ciLow()).isZero();
    Estimate wrong = BrierScore.binary(new double[] {1, 1, 1, 0.5}, new boolean[4]);
    assertThat(wrong.ciHigh()).isEqualTo(1);
    Estimate perfect = BrierScore.binary(new double[10], new boolean[10]);
    assertThat(perfect.value()).isZero();
    assertThat(perfect.ciHigh()).isEqualTo(Estimates.proportion(0, 10).ciHigh());
    Estimate worst =
        BrierScore.multiclass(new double[][] {{0, 1}, {0, 1}, {1, 0}}, new int[] {0, 0, 1});
    assertThat(worst.value()).isEqualTo(2);
    assertThat(worst.ciHigh()).isEqualTo(2);
    assertThat(worst.ciLow()).isCloseTo(2 * Estimates.proportion(3, 3).ciLow(), within(1e-15));
  }

  @Test
  void calibrationErrorsLieInTheirIntervals() {
    Random random = new Random(6);
    Binning ten = Binning.equalWidth(10);
    int covered = 0;
    int byPercentiles = 0;
    for (int study = 0; study < 60; study++) {
      double[] confidences = random.doubles(80).toArray();
      boolean[] correct = new boolean[80];
      for (int i = 0; i < 80; i++) {
        correct[i] = random.nextDouble() < Math.max(0, confidences[i] - 0.1);
      }
      Bootstrap bootstrap = new Bootstrap(300, study, 0.95);
      Estimate e = ReliabilityTable.expectedError(confidences, correct, ten, bootstrap).estimate();
      assertThat(e.contains(e.value())).isTrue();
      assertThat(e.ciLow()).isBetween(0.0, 1.0);
      // The true error is E[min(U, 0.1)] = 0.095.
      covered += e.contains(0.095) ? 1 : 0;
      Estimate percentiles =
          bootstrap
              .of(
                  80,
                  items ->
                      ReliabilityTable.of(
                              Selection.of(confidences, items), Selection.of(correct, items), ten)
                          .expectedError())
              .estimate();
      byPercentiles += percentiles.contains(0.095) ? 1 : 0;
    }
    assertThat(covered).as("%s by percentiles", byPercentiles).isGreaterThanOrEqualTo(48);
    assertThat(byPercentiles).isLessThan(covered / 2);
  }

  @Test
  void scoresWithoutBoundAreRefused() {
    assertThatThrownBy(() -> TemperatureScaling.ofMargins(new double[] {1e308, 1e308, -1e308}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("margins[0] must be at most 1.0E150 in magnitude")
        .hasMessageContaining("but was 1.0E308");
    assertThatThrownBy(
            () -> TemperatureScaling.ofLogits(new double[][] {{0, -1e200}}, new int[] {0}))
        .hasMessageContaining("logits[0][1] must be at most 1.0E150");
  }
}
