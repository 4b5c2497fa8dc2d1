package org.alignment4j.rlhf.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;

/** The loss of cost models against its formula, and its laws. */
class CostLossProperties {

  private static final int TRIES = 60;

  private static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }

  private static RewardLossValues evaluate(
      CostLoss loss, double high, double low, boolean highUnsafe, boolean lowUnsafe) {
    return CostLosses.evaluate(
        loss,
        new double[] {high},
        new double[] {low},
        new boolean[] {highUnsafe},
        new boolean[] {lowUnsafe});
  }

  @Property(tries = TRIES)
  void isItsFormulaAndItsGradientsAreFiniteDifferences(
      @ForAll @DoubleRange(min = -30, max = 30) double high,
      @ForAll @DoubleRange(min = -30, max = 30) double low,
      @ForAll boolean highUnsafe,
      @ForAll boolean lowUnsafe,
      @ForAll @DoubleRange(min = 0, max = 0.1) double lambda) {
    CostLoss loss = new CostLoss(lambda);
    RewardLossValues values = evaluate(loss, high, low, highUnsafe, lowUnsafe);
    double expected =
        softplus(low - high)
            + softplus(highUnsafe ? -high : high)
            + softplus(lowUnsafe ? -low : low)
            + lambda * (high * high + low * low) / 2;
    assertThat(values.loss()).isCloseTo(expected, within(1e-11));
    double step = 1e-5;
    double slope =
        (evaluate(loss, high + step, low, highUnsafe, lowUnsafe).loss()
                - evaluate(loss, high - step, low, highUnsafe, lowUnsafe).loss())
            / (2 * step);
    assertThat(values.chosenGradients()[0]).isCloseTo(slope, within(1e-6));
    slope =
        (evaluate(loss, high, low + step, highUnsafe, lowUnsafe).loss()
                - evaluate(loss, high, low - step, highUnsafe, lowUnsafe).loss())
            / (2 * step);
    assertThat(values.rejectedGradients()[0]).isCloseTo(slope, within(1e-6));
  }

  /** Pairs that are safe or unsafe both still teach the order. */
  @Property(tries = TRIES)
  void theOrderCountsForEveryPair(
      @ForAll @DoubleRange(min = -5, max = 5) double mean,
      @ForAll @DoubleRange(min = 0.1, max = 5) double half,
      @ForAll boolean unsafe) {
    double right = evaluate(CostLoss.standard(), mean + half, mean - half, unsafe, unsafe).loss();
    double wrong = evaluate(CostLoss.standard(), mean - half, mean + half, unsafe, unsafe).loss();
    assertThat(right).isLessThan(wrong);
  }

  @Example
  void zeroIsTheBoundaryOfSafety() {
    CostLoss loss = CostLoss.standard();
    assertThat(evaluate(loss, 3, -3, true, false).loss())
        .isLessThan(evaluate(loss, 6, 0, true, false).loss());
    assertThat(evaluate(loss, 0, 0, true, false).loss()).isCloseTo(3 * Math.log(2), within(1e-12));
    assertThatThrownBy(() -> new CostLoss(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("regularisation must be finite and not negative but was -1.0");
  }
}
