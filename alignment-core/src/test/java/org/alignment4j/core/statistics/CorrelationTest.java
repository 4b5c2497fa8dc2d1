package org.alignment4j.core.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.alignment4j.api.evaluation.Estimate;
import org.junit.jupiter.api.Test;

class CorrelationTest {

  private static final double[] X = {106, 100, 86, 101, 99, 103, 97, 113, 112, 110};
  private static final double[] Y = {7, 27, 2, 50, 28, 29, 20, 12, 6, 17};

  @Test
  void byHand() {
    // Squared rank differences of this textbook example sum to 194: 1 − 6·194/990 = −29/165.
    assertThat(Correlation.SPEARMAN.of(X, Y).value()).isCloseTo(-29.0 / 165, within(1e-14));
    // Deviations −1, 0, 1 and −1, 1, 0.
    double[] x = {1, 2, 3};
    double[] y = {4, 6, 5};
    assertThat(Correlation.PEARSON.of(x, y).value()).isCloseTo(0.5, within(1e-15));
    assertThat(Correlation.KENDALL_B.of(x, y).value()).isCloseTo(1.0 / 3, within(1e-15));
    // Of six pairs five differ in x, five in y and four in both, all concordant: 4/√(5·5).
    assertThat(
            Correlation.KENDALL_B.of(new double[] {1, 1, 2, 3}, new double[] {1, 2, 3, 3}).value())
        .isCloseTo(4 / 5.0, within(1e-15));
  }

  @Test
  void fishersInterval() {
    Estimate r = Correlation.PEARSON.of(X, Y, 0.9);
    double z = 0.5 * Math.log((1 + r.value()) / (1 - r.value()));
    double half = 1.644853627 / Math.sqrt(7);
    assertThat(r.ciLow()).isCloseTo(Math.tanh(z - half), within(1e-9));
    assertThat(r.ciHigh()).isCloseTo(Math.tanh(z + half), within(1e-9));
    assertThat(r.standardError())
        .isCloseTo((1 - r.value() * r.value()) / Math.sqrt(7), within(1e-12));
    Estimate tau = Correlation.KENDALL_B.of(X, Y);
    double t = 0.5 * Math.log((1 + tau.value()) / (1 - tau.value()));
    assertThat(tau.ciHigh())
        .isCloseTo(Math.tanh(t + 1.959963985 * Math.sqrt(0.437 / 6)), within(1e-9));
    Estimate rho = Correlation.SPEARMAN.of(X, Y);
    double s = 0.5 * Math.log((1 + rho.value()) / (1 - rho.value()));
    double deviation = Math.sqrt((1 + rho.value() * rho.value() / 2) / 7);
    assertThat(rho.ciLow()).isCloseTo(Math.tanh(s - 1.959963985 * deviation), within(1e-9));
    assertThat(rho.n()).isEqualTo(10);
  }

  @Test
  void fewItemsHaveNoInterval() {
    for (Correlation correlation : Correlation.values()) {
      Estimate three = correlation.of(new double[] {1, 2, 3}, new double[] {4, 6, 5});
      assertThat(three.ciLow()).isNaN();
      assertThat(three.standardError()).isNaN();
      Estimate perfect = correlation.of(X, Arrays.stream(X).map(v -> -2 * v).toArray());
      assertThat(perfect.value()).isCloseTo(-1, within(1e-15));
      assertThat(correlation.of(X, X).value()).isEqualTo(1);
      assertThat(correlation.of(new double[0], new double[0]).n()).isZero();
      assertThat(correlation.of(new double[0], new double[0], Bootstrap.seeded(1)).estimate().n())
          .isZero();
    }
  }

  @Test
  void bootstrapAgreesWithFisherOnAverage() {
    for (Correlation correlation : Correlation.values()) {
      double errors = 0;
      double ends = 0;
      for (int sample = 1; sample <= 12; sample++) {
        Random random = new Random(sample);
        double[] x = random.doubles(300).map(u -> random.nextGaussian()).toArray();
        double[] y = Arrays.stream(x).map(v -> v + random.nextGaussian()).toArray();
        Estimate fisher = correlation.of(x, y);
        Estimate drawn = correlation.of(x, y, new Bootstrap(300, 1, 0.95)).estimate();
        assertThat(drawn.value()).isEqualTo(fisher.value());
        errors += drawn.standardError() / fisher.standardError() / 12;
        ends += (drawn.ciLow() - fisher.ciLow()) / fisher.standardError() / 12;
      }
      assertThat(errors).as(correlation.name()).isCloseTo(1, within(0.1));
      assertThat(ends).as(correlation.name()).isCloseTo(0, within(0.3));
    }
    int[] pairs = {1, 1, 2, 2, 3, 3, 4, 4, 5, 5};
    assertThat(Correlation.PEARSON.of(X, Y, pairs, Bootstrap.seeded(1)).estimate().clusters())
        .isEqualTo(5);
  }

  @Test
  void fishersIntervalOfClustersCountsThem() {
    int[] pairs = {9, 9, -2, -2, 3, 3, 4, 4, 5, 5};
    for (Correlation correlation : Correlation.values()) {
      Estimate r = correlation.clustered(X, Y, pairs, 0.9);
      double z = 0.5 * Math.log((1 + r.value()) / (1 - r.value()));
      double s =
          switch (correlation) {
            case PEARSON -> 1 / Math.sqrt(2);
            case SPEARMAN -> Math.sqrt((1 + r.value() * r.value() / 2) / 2);
            case KENDALL_B -> Math.sqrt(0.437);
          };
      assertThat(r.value()).isEqualTo(correlation.of(X, Y).value());
      assertThat(r.ciLow()).isCloseTo(Math.tanh(z - 1.644853627 * s), within(1e-9));
      assertThat(r.ciHigh()).isCloseTo(Math.tanh(z + 1.644853627 * s), within(1e-9));
      assertThat(r.n()).isEqualTo(10);
      assertThat(r.clusters()).isEqualTo(5);
      int[] alone = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
      assertThat(correlation.clustered(X, Y, alone, 0.9)).isEqualTo(correlation.of(X, Y, 0.9));
      assertThat(correlation.clustered(X, Y, new int[10], 0.9).ciLow()).isNaN();
      assertThatThrownBy(() -> correlation.clustered(X, Y, new int[2], 0.9))
          .hasMessageContaining("10 and 2");
    }
  }

  @Test
  void constantResamplesAreUndefined() {
    Bootstrap.Result result =
        Correlation.PEARSON.of(
            new double[] {1, 1, 2}, new double[] {1, 2, 3}, new Bootstrap(1000, 1, 0.9));
    // Constant x: (2/3)³ + (1/3)³; that includes all with constant y.
    assertThat(result.undefinedResamples()).isBetween(270, 400);
  }

  @Test
  void scaleDoesNotMatter() {
    double[] huge = Arrays.stream(X).map(v -> v * 1e200).toArray();
    double[] tiny = Arrays.stream(Y).map(v -> v * 1e-200).toArray();
    for (Correlation correlation : Correlation.values()) {
      assertThat(correlation.of(huge, tiny).value())
          .isCloseTo(correlation.of(X, Y).value(), within(1e-12));
    }
    assertThat(
            Correlation.KENDALL_B.of(new double[] {-0.0, 0.0, 1}, new double[] {1, 2, 3}).value())
        .isCloseTo(2 / Math.sqrt(2 * 3), within(1e-15));
  }

  @Test
  void wrongArgumentsAreNamed() {
    for (Correlation correlation : Correlation.values()) {
      assertThatThrownBy(() -> correlation.of(new double[] {1, 2}, new double[] {1, Double.NaN}))
          .hasMessageContaining("y[1] must be a finite number but was NaN");
      assertThatThrownBy(() -> correlation.of(new double[2], new double[3]))
          .hasMessageContaining("2 and 3");
      assertThatThrownBy(() -> correlation.of(new double[] {4, 4}, new double[] {1, 2}))
          .hasMessageContaining("x must not be constant but all 2 scores are 4.0");
      assertThatThrownBy(
              () -> correlation.of(new double[] {1, 2}, new double[] {3, 3}, Bootstrap.seeded(1)))
          .hasMessageContaining("y must not be constant");
      assertThatThrownBy(() -> correlation.of(X, Y, 1)).hasMessageContaining("confidence");
      assertThatThrownBy(() -> correlation.of(X, Y, new int[2], Bootstrap.seeded(1)))
          .hasMessageContaining("10 and 2");
    }
  }

  @Test
  void anExactLineHasAnInterval() {
    double[] line = {0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 0.9};
    double[] image = Arrays.stream(line).map(v -> 3 * v - 0.7).toArray();
    double[] opposite = Arrays.stream(image).map(v -> -v).toArray();
    Estimate pearson = Correlation.PEARSON.of(line, image);
    assertThat(pearson.value()).isEqualTo(1);
    assertThat(pearson.ciLow()).isEqualTo(1);
    assertThat(pearson.ciHigh()).isEqualTo(1);
    assertThat(pearson.standardError()).isZero();
    assertThat(Correlation.PEARSON.of(line, opposite).ciHigh()).isEqualTo(-1);
    // One exchange of neighbours: Σd² = 2 and one discordant pair.
    double[] next = {2, 1, 3, 4, 5, 6, 7};
    double[] order = {1, 2, 3, 4, 5, 6, 7};
    for (Correlation ranks : new Correlation[] {Correlation.SPEARMAN, Correlation.KENDALL_B}) {
      Estimate perfect = ranks.of(line, image);
      assertThat(perfect.value()).isEqualTo(1);
      assertThat(perfect.ciHigh()).isEqualTo(1);
      assertThat(perfect.ciLow()).isCloseTo(ranks.of(order, next).ciLow(), within(1e-12));
      Estimate turned = ranks.of(line, opposite);
      assertThat(turned.value()).isEqualTo(-1);
      assertThat(turned.ciLow()).isEqualTo(-1);
      assertThat(turned.ciHigh()).isCloseTo(-perfect.ciLow(), within(1e-12));
    }
    assertThat(Correlation.PEARSON.of(new double[] {1, 2, 3}, new double[] {2, 4, 6}).ciLow())
        .isNaN();
  }
}
