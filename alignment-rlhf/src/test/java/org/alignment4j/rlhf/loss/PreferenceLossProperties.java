package org.alignment4j.rlhf.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;

/** Invariants of every preference loss, and the formulas in plain Java. */
class PreferenceLossProperties {

  private static final double[] CHOSEN_LENGTHS = {3, 7};
  private static final double[] REJECTED_LENGTHS = {5, 2};

  @Provide
  Arbitrary<PreferenceLoss> losses() {
    return Arbitraries.of(
        PreferenceLoss.dpo(0.1),
        PreferenceLoss.conservativeDpo(0.3, 0.2),
        PreferenceLoss.robustDpo(0.2, 0.3),
        PreferenceLoss.hinge(0.05),
        PreferenceLoss.ipo(0.4),
        new IpoLoss(0.1, IpoLoss.Ratios.SUMMED));
  }

  @Provide
  Arbitrary<double[]> logProbs() {
    return Arbitraries.doubles().between(-60, -0.1).array(double[].class).ofSize(2);
  }

  private static PreferenceLossValues evaluate(
      PreferenceLoss loss, double[] pc, double[] pr, double[] rc, double[] rr) {
    return PreferenceLosses.evaluate(loss, pc, pr, rc, rr, CHOSEN_LENGTHS, REJECTED_LENGTHS);
  }

  private static double[] plus(double[] a, double c) {
    return new double[] {a[0] + c, a[1] + c};
  }

  private static double logSigmoid(double x) {
    return Math.min(x, 0) - Math.log1p(Math.exp(-Math.abs(x)));
  }

  @Property(tries = 20)
  void sigmoidIsLogTwoWherePolicyEqualsReference(
      @ForAll("logProbs") double[] c,
      @ForAll("logProbs") double[] r,
      @ForAll @DoubleRange(min = 0.01, max = 5) double beta,
      @ForAll @DoubleRange(min = 0, max = 0.49) double smoothing) {
    PreferenceLoss loss = PreferenceLoss.conservativeDpo(beta, smoothing);
    assertThat(evaluate(loss, c, r, c, r).loss()).isCloseTo(Math.log(2), within(1e-12));
  }

  @Property(tries = 25)
  void agreesWithTheFormula(
      @ForAll("logProbs") double[] pc,
      @ForAll("logProbs") double[] pr,
      @ForAll("logProbs") double[] rc,
      @ForAll("logProbs") double[] rr,
      @ForAll("losses") PreferenceLoss loss) {
    PreferenceLossValues values = evaluate(loss, pc, pr, rc, rr);
    for (int i = 0; i < 2; i++) {
      double c = pc[i] - rc[i];
      double r = pr[i] - rr[i];
      double z = loss.beta() * (c - r);
      double expected;
      if (loss instanceof DpoLoss dpo) {
        double e = dpo.labelSmoothing();
        expected = -(1 - e) * logSigmoid(z) - e * logSigmoid(-z);
      } else if (loss instanceof RobustDpoLoss robust) {
        double e = robust.flipProbability();
        expected = (-(1 - e) * logSigmoid(z) + e * logSigmoid(-z)) / (1 - 2 * e);
      } else if (loss instanceof HingeLoss) {
        expected = Math.max(0, 1 - z);
      } else {
        boolean mean = ((IpoLoss) loss).ratios() == IpoLoss.Ratios.LENGTH_AVERAGED;
        double d = mean ? c / CHOSEN_LENGTHS[i] - r / REJECTED_LENGTHS[i] : c - r;
        expected = Math.pow(d - 1 / (2 * loss.beta()), 2);
      }
      assertThat(values.losses()[i])
          .isCloseTo(expected, within(1e-9 * Math.max(1, Math.abs(expected))));
    }
  }

  @Property(tries = 15)
  void aConstantOnBothModelsChangesNothing(
      @ForAll("logProbs") double[] pc,
      @ForAll("logProbs") double[] pr,
      @ForAll("logProbs") double[] rc,
      @ForAll("logProbs") double[] rr,
      @ForAll @DoubleRange(min = -40, max = 0) double constant,
      @ForAll("losses") PreferenceLoss loss) {
    double before = evaluate(loss, pc, pr, rc, rr).loss();
    double after = evaluate(loss, plus(pc, constant), pr, plus(rc, constant), rr).loss();
    assertThat(after).isCloseTo(before, within(1e-8 * Math.max(1, Math.abs(before))));
  }

  @Property(tries = 15)
  void swappedAnswersTurnTheSignOfTheDifference(
      @ForAll("logProbs") double[] pc,
      @ForAll("logProbs") double[] pr,
      @ForAll("logProbs") double[] rc,
      @ForAll("logProbs") double[] rr,
      @ForAll @DoubleRange(min = 0.01, max = 0.5) double beta) {
    PreferenceLoss loss = PreferenceLoss.dpo(beta);
    PreferenceLossValues values = evaluate(loss, pc, pr, rc, rr);
    PreferenceLossValues swapped = evaluate(loss, pr, pc, rr, rc);
    for (int i = 0; i < 2; i++) {
      double z = values.chosenRewards()[i] - values.rejectedRewards()[i];
      assertThat(swapped.losses()[i] - values.losses()[i]).isCloseTo(z, within(1e-9));
    }
  }

  @Property(tries = 15)
  void robustLossOverFlippedLabelsIsTheCleanLoss(
      @ForAll("logProbs") double[] pc,
      @ForAll("logProbs") double[] pr,
      @ForAll("logProbs") double[] rc,
      @ForAll("logProbs") double[] rr,
      @ForAll @DoubleRange(min = 0, max = 0.4) double flip) {
    PreferenceLoss robust = PreferenceLoss.robustDpo(0.2, flip);
    double clean = evaluate(PreferenceLoss.dpo(0.2), pc, pr, rc, rr).loss();
    double right = evaluate(robust, pc, pr, rc, rr).loss();
    double wrong = evaluate(robust, pr, pc, rr, rc).loss();
    assertThat((1 - flip) * right + flip * wrong).isCloseTo(clean, within(1e-8));
  }

  @Property(tries = 20)
  void gradientsEqualFiniteDifferences(
      @ForAll("logProbs") double[] pc,
      @ForAll("logProbs") double[] pr,
      @ForAll("logProbs") double[] rc,
      @ForAll("logProbs") double[] rr,
      @ForAll("losses") PreferenceLoss loss) {
    PreferenceLossValues values = evaluate(loss, pc, pr, rc, rr);
    double h = 1e-5;
    for (int i = 0; i < 2; i++) {
      double z = values.chosenRewards()[i] - values.rejectedRewards()[i];
      if (loss instanceof HingeLoss && Math.abs(1 - z) < 1e-4) {
        continue;
      }
      assertThat(values.chosenGradients()[i])
          .isCloseTo(slope(pc, i, h, x -> evaluate(loss, x, pr, rc, rr)), within(1e-4));
      assertThat(values.rejectedGradients()[i])
          .isCloseTo(slope(pr, i, h, x -> evaluate(loss, pc, x, rc, rr)), within(1e-4));
    }
  }

  private interface At {
    PreferenceLossValues value(double[] x);
  }

  private static double slope(double[] x, int i, double h, At f) {
    double[] up = x.clone();
    double[] down = x.clone();
    up[i] += h;
    down[i] -= h;
    return (f.value(up).loss() - f.value(down).loss()) / (2 * h);
  }
}
