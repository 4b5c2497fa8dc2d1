package org.alignment4j.rlhf.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;

/** Invariants of the pairwise reward loss, and its formula in plain Java. */
class BradleyTerryLossProperties {

  @Provide
  Arbitrary<double[]> rewards() {
    return Arbitraries.doubles().between(-8, 8).array(double[].class).ofSize(3);
  }

  @Provide
  Arbitrary<double[]> margins() {
    return Arbitraries.doubles().between(-2, 3).array(double[].class).ofSize(3);
  }

  @Provide
  Arbitrary<double[]> probabilities() {
    return Arbitraries.doubles().between(0, 1).array(double[].class).ofSize(3);
  }

  private static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }

  private static double[] map(double[] values, java.util.function.DoubleUnaryOperator f) {
    return java.util.Arrays.stream(values).map(f).toArray();
  }

  @Property(tries = 30)
  void agreesWithTheFormula(
      @ForAll("rewards") double[] w,
      @ForAll("rewards") double[] l,
      @ForAll("margins") double[] m,
      @ForAll("probabilities") double[] p,
      @ForAll @DoubleRange(min = 0, max = 2) double scale,
      @ForAll @DoubleRange(min = 0, max = 0.5) double centering) {
    RewardLossValues values =
        RewardLosses.evaluate(new BradleyTerryLoss(scale, centering), w, l, m, p);
    double mean = 0;
    for (int i = 0; i < 3; i++) {
      double d = w[i] - l[i];
      double grade = p[i] > 0.5 ? m[i] : p[i] < 0.5 ? -m[i] : Math.abs(m[i]);
      double expected =
          p[i] * softplus(scale * grade - d)
              + (1 - p[i]) * softplus(scale * grade + d)
              + centering * Math.pow(w[i] + l[i], 2);
      assertThat(values.losses()[i]).isCloseTo(expected, within(1e-9 * (1 + expected)));
      mean += expected / 3;
    }
    assertThat(values.loss()).isCloseTo(mean, within(1e-9 * (1 + mean)));
  }

  @Property(tries = 20)
  void gradientsEqualFiniteDifferences(
      @ForAll("rewards") double[] w,
      @ForAll("rewards") double[] l,
      @ForAll("margins") double[] m,
      @ForAll("probabilities") double[] p,
      @ForAll @DoubleRange(min = 0, max = 0.5) double centering) {
    BradleyTerryLoss loss = new BradleyTerryLoss(1, centering);
    RewardLossValues values = RewardLosses.evaluate(loss, w, l, m, p);
    double h = 1e-5;
    for (int i = 0; i < 3; i++) {
      double[][] moved = {w.clone(), w.clone(), l.clone(), l.clone()};
      for (int k = 0; k < 4; k++) {
        moved[k][i] += k % 2 == 0 ? h : -h;
      }
      double byChosen =
          RewardLosses.evaluate(loss, moved[0], l, m, p).loss()
              - RewardLosses.evaluate(loss, moved[1], l, m, p).loss();
      double byRejected =
          RewardLosses.evaluate(loss, w, moved[2], m, p).loss()
              - RewardLosses.evaluate(loss, w, moved[3], m, p).loss();
      assertThat(values.chosenGradients()[i]).isCloseTo(byChosen / (2 * h), within(1e-7));
      assertThat(values.rejectedGradients()[i]).isCloseTo(byRejected / (2 * h), within(1e-7));
    }
  }

  @Property(tries = 20)
  void exchangedAnswersMeanTheSame(
      @ForAll("rewards") double[] w,
      @ForAll("rewards") double[] l,
      @ForAll("margins") double[] m,
      @ForAll("probabilities") double[] p) {
    BradleyTerryLoss loss = new BradleyTerryLoss(0.7, 0.1);
    RewardLossValues told = RewardLosses.evaluate(loss, w, l, m, p);
    RewardLossValues swapped =
        RewardLosses.evaluate(loss, l, w, map(m, x -> -x), map(p, x -> 1 - x));
    assertThat(swapped.losses()).containsExactly(told.losses(), within(1e-9));
  }

  @Property(tries = 20)
  void onlyDifferencesCountWithoutCentring(
      @ForAll("rewards") double[] w,
      @ForAll("rewards") double[] l,
      @ForAll("margins") double[] m,
      @ForAll @DoubleRange(min = -5, max = 5) double shift) {
    double[] p = BradleyTerryLossTest.ones(3);
    BradleyTerryLoss loss = BradleyTerryLoss.standard();
    RewardLossValues before = RewardLosses.evaluate(loss, w, l, m, p);
    RewardLossValues after =
        RewardLosses.evaluate(loss, map(w, x -> x + shift), map(l, x -> x + shift), m, p);
    assertThat(after.losses()).containsExactly(before.losses(), within(1e-9));
    for (int i = 0; i < 3; i++) {
      assertThat(3 * before.chosenGradients()[i]).isBetween(-1.0, 0.0);
      assertThat(before.rejectedGradients()[i])
          .isCloseTo(-before.chosenGradients()[i], within(1e-12));
    }
  }
}
