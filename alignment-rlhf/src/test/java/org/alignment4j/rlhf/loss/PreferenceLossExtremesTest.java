package org.alignment4j.rlhf.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Losses and gradients at margins of any size, against the formulas in float64. */
class PreferenceLossExtremesTest {

  private static final List<PreferenceLoss> LOSSES =
      List.of(
          PreferenceLoss.dpo(0.1),
          PreferenceLoss.dpo(2),
          PreferenceLoss.conservativeDpo(0.3, 0.1),
          PreferenceLoss.conservativeDpo(1, 0.499),
          PreferenceLoss.robustDpo(0.3, 0.2),
          PreferenceLoss.robustDpo(1, 0.49),
          PreferenceLoss.hinge(0.5),
          PreferenceLoss.ipo(0.1),
          new IpoLoss(0.05, IpoLoss.Ratios.SUMMED));

  private static final double[] MARGINS = {
    0, 1e-12, 1e-3, 0.3, 1, 2, 20, 37, 40, 100, 709, 745, 1000, 1e4, 1e6
  };

  private static double logSigmoid(double x) {
    return Math.min(x, 0) - Math.log1p(Math.exp(-Math.abs(x)));
  }

  private static double sigmoid(double x) {
    return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
  }

  /** The loss and its derivatives by the log ratios of both answers. */
  private static double[] formula(PreferenceLoss loss, double c, double r, double[] lengths) {
    double beta = loss.beta();
    double z = beta * (c - r);
    if (loss instanceof IpoLoss ipo) {
      boolean summed = ipo.ratios() == IpoLoss.Ratios.SUMMED;
      double wc = summed ? 1 : 1 / lengths[0];
      double wr = summed ? 1 : 1 / lengths[1];
      double t = c * wc - r * wr - 1 / (2 * beta);
      return new double[] {t * t, 2 * t * wc, -2 * t * wr};
    }
    double value;
    double slope;
    if (loss instanceof DpoLoss dpo) {
      double e = dpo.labelSmoothing();
      value = -(1 - e) * logSigmoid(z) - e * logSigmoid(-z);
      slope = beta * (-(1 - e) * sigmoid(-z) + e * sigmoid(z));
    } else if (loss instanceof RobustDpoLoss robust) {
      double e = robust.flipProbability();
      value = (-(1 - e) * logSigmoid(z) + e * logSigmoid(-z)) / (1 - 2 * e);
      slope = beta * (-(1 - e) * sigmoid(-z) - e * sigmoid(z)) / (1 - 2 * e);
    } else {
      value = Math.max(0, 1 - z);
      slope = z < 1 ? -beta : 0;
    }
    return new double[] {value, slope, -slope};
  }

  @Test
  void valuesAndGradients() {
    for (PreferenceLoss loss : LOSSES) {
      for (double margin : MARGINS) {
        for (double[] lengths : new double[][] {{1, 1}, {1, 700}, {13, 4}}) {
          compare(loss, margin, lengths);
          compare(loss, -margin, lengths);
        }
      }
    }
  }

  private static void compare(PreferenceLoss loss, double margin, double[] lengths) {
    // Low enough for every log-probability to be one.
    double base = -Math.abs(margin);
    double chosen = base - 3 + margin * 0.75;
    double rejected = base - 5 - margin * 0.25;
    double referenceChosen = base - 3.5;
    double referenceRejected = base - 4.5;
    PreferenceLossValues values =
        PreferenceLosses.evaluate(
            loss,
            new double[] {chosen},
            new double[] {rejected},
            new double[] {referenceChosen},
            new double[] {referenceRejected},
            new double[] {lengths[0]},
            new double[] {lengths[1]});
    double[] expected =
        formula(loss, chosen - referenceChosen, rejected - referenceRejected, lengths);
    double[] actual = {
      values.losses()[0], values.chosenGradients()[0], values.rejectedGradients()[0]
    };
    for (int i = 0; i < 3; i++) {
      assertThat(Math.abs(actual[i] - expected[i]) / Math.max(1e-6, Math.abs(expected[i])))
          .as("%s at margin %s, number %s", loss, margin, i)
          .isLessThan(1e-9);
    }
  }

  @Test
  void impossibleNumbersAreNamed() {
    double[] fine = {-1, -2};
    double[] ones = {1, 1};
    for (PreferenceLoss loss : LOSSES) {
      for (double length : new double[] {0, -3, 1.5, Double.NaN, Double.POSITIVE_INFINITY}) {
        double[] lengths = {1, length};
        assertThatThrownBy(
                () -> PreferenceLosses.evaluate(loss, fine, fine, fine, fine, lengths, ones))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage(
                "chosenLengths[1] must be a whole number of tokens, at least 1, but was " + length);
        assertThatThrownBy(
                () -> PreferenceLosses.evaluate(loss, fine, fine, fine, fine, ones, lengths))
            .hasMessageContaining("rejectedLengths[1]");
      }
      for (double logProb :
          new double[] {0.5, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
        double[] bad = {logProb, -1};
        assertThatThrownBy(() -> PreferenceLosses.evaluate(loss, bad, fine, fine, fine))
            .hasMessage(
                "policyChosen[0] must be a finite log-probability, at most 0, but was " + logProb);
        assertThatThrownBy(() -> PreferenceLosses.evaluate(loss, fine, bad, fine, fine))
            .hasMessageContaining("policyRejected[0]");
        assertThatThrownBy(() -> PreferenceLosses.evaluate(loss, fine, fine, bad, fine))
            .hasMessageContaining("referenceChosen[0]");
        assertThatThrownBy(() -> PreferenceLosses.evaluate(loss, fine, fine, fine, bad))
            .hasMessageContaining("referenceRejected[0]");
      }
    }
  }
}
