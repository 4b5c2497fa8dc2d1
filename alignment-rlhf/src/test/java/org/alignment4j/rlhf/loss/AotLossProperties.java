package org.alignment4j.rlhf.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Quantiles over a batch against sorting in plain Java. */
class AotLossProperties {

  private static final double BETA = 0.2;
  private static final double SMOOTHING = 0.1;

  /** Quarters, so that many are equal. */
  @Provide
  Arbitrary<double[][]> batches() {
    return Arbitraries.integers()
        .between(1, 9)
        .flatMap(
            n ->
                Arbitraries.integers()
                    .between(-80, -1)
                    .map(x -> x / 4.0)
                    .array(Double[].class)
                    .ofSize(n)
                    .map(a -> Arrays.stream(a).mapToDouble(x -> x).toArray())
                    .list()
                    .ofSize(4)
                    .map(l -> l.toArray(new double[0][])));
  }

  private static double[] minus(double[] a, double[] b) {
    double[] d = a.clone();
    Arrays.setAll(d, i -> a[i] - b[i]);
    return d;
  }

  private static double[] sorted(double[] a) {
    double[] s = a.clone();
    Arrays.sort(s);
    return s;
  }

  private static double[] expected(AotLoss loss, double[][] v) {
    boolean margins = loss.quantiles() == AotLoss.Quantiles.MARGINS;
    double[] upper = sorted(margins ? minus(v[0], v[1]) : minus(v[0], v[2]));
    double[] lower = sorted(margins ? minus(v[2], v[3]) : minus(v[1], v[3]));
    double[] losses = new double[upper.length];
    Arrays.setAll(
        losses,
        i -> {
          double z = BETA * (upper[i] - lower[i]);
          return -(1 - SMOOTHING) * LossFormulas.logSigmoid(z)
              - SMOOTHING * LossFormulas.logSigmoid(-z);
        });
    return losses;
  }

  private static PreferenceLossValues evaluate(PreferenceLoss loss, double[][] v) {
    return PreferenceLosses.evaluate(loss, v[0], v[1], v[2], v[3]);
  }

  @Property(tries = 40)
  void quantilesAreCompared(@ForAll("batches") double[][] v, @ForAll AotLoss.Quantiles quantiles) {
    AotLoss loss = new AotLoss(BETA, SMOOTHING, quantiles);
    assertThat(evaluate(loss, v).losses()).containsExactly(expected(loss, v), within(1e-12));
  }

  /** Where no two are equal; at a tie the loss has a kink. */
  @Property(tries = 30)
  void gradientsEqualFiniteDifferences(
      @ForAll("batches") double[][] quarters, @ForAll AotLoss.Quantiles quantiles) {
    AotLoss loss = new AotLoss(BETA, SMOOTHING, quantiles);
    double[][] v = new double[4][];
    for (int k = 0; k < 4; k++) {
      double[] row = quarters[k].clone();
      for (int i = 0; i < row.length; i++) {
        row[i] -= (1 + k) * 0.01 * (i + 1);
      }
      v[k] = row;
    }
    PreferenceLossValues values = evaluate(loss, v);
    double h = 1e-6;
    for (int side = 0; side < 2; side++) {
      double[] gradients = side == 0 ? values.chosenGradients() : values.rejectedGradients();
      for (int i = 0; i < gradients.length; i++) {
        double slope = (mean(loss, v, side, i, h) - mean(loss, v, side, i, -h)) / (2 * h);
        assertThat(gradients[i]).isCloseTo(slope, within(1e-7));
      }
    }
  }

  private static double mean(AotLoss loss, double[][] v, int side, int i, double h) {
    double[][] moved = v.clone();
    moved[side] = v[side].clone();
    moved[side][i] += h;
    return Arrays.stream(expected(loss, moved)).average().orElseThrow();
  }

  @Property(tries = 20)
  void onePairIsTheSigmoidLoss(
      @ForAll("batches") double[][] v, @ForAll AotLoss.Quantiles quantiles) {
    double[][] first = Arrays.stream(v).map(a -> new double[] {a[0]}).toArray(double[][]::new);
    PreferenceLossValues aot = evaluate(new AotLoss(BETA, SMOOTHING, quantiles), first);
    PreferenceLossValues dpo = evaluate(new DpoLoss(BETA, SMOOTHING), first);
    assertThat(aot.loss()).isCloseTo(dpo.loss(), within(1e-14));
    assertThat(aot.chosenGradients()).containsExactly(dpo.chosenGradients(), within(1e-14));
  }

  @Property(tries = 20)
  void theOrderOfPairsDoesNotMatter(
      @ForAll("batches") double[][] v, @ForAll AotLoss.Quantiles quantiles) {
    double[][] turned = Arrays.stream(v).map(AotLossProperties::turned).toArray(double[][]::new);
    AotLoss loss = new AotLoss(BETA, SMOOTHING, quantiles);
    assertThat(evaluate(loss, turned).loss()).isCloseTo(evaluate(loss, v).loss(), within(1e-12));
  }

  private static double[] turned(double[] a) {
    double[] b = a.clone();
    Arrays.setAll(b, i -> a[a.length - 1 - i]);
    return b;
  }

  @Example
  void weightsOfPairsAreRefused() {
    for (PreferenceLoss loss : List.of(DpoVariants.aot(0.1), DpoVariants.aotUnpaired(0.1))) {
      assertThatThrownBy(() -> DpoVariants.weighted(loss))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("must be a loss of single pairs without weights but was AotLoss");
    }
  }
}
