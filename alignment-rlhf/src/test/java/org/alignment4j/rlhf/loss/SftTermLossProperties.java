package org.alignment4j.rlhf.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import org.alignment4j.rlhf.loss.SftTermLoss.Normalisation;

/** The term of supervised fine-tuning beside every preference loss. */
class SftTermLossProperties {

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
        PreferenceLoss.ipo(0.1, IpoLoss.Ratios.SUMMED));
  }

  @Provide
  Arbitrary<double[]> logProbs() {
    return Arbitraries.doubles().between(-60, -0.1).array(double[].class).ofSize(2);
  }

  private static PreferenceLossValues evaluate(
      PreferenceLoss loss, double[] pc, double[] pr, double[] rc, double[] rr) {
    return PreferenceLosses.evaluate(loss, pc, pr, rc, rr, CHOSEN_LENGTHS, REJECTED_LENGTHS);
  }

  @Property(tries = 30)
  void addsTheNegativeLogLikelihoodOfThePreferredAnswer(
      @ForAll("logProbs") double[] pc,
      @ForAll("logProbs") double[] pr,
      @ForAll("logProbs") double[] rc,
      @ForAll("logProbs") double[] rr,
      @ForAll("losses") PreferenceLoss loss,
      @ForAll Normalisation normalisation,
      @ForAll @DoubleRange(min = 0, max = 3) double weight) {
    PreferenceLossValues plain = evaluate(loss, pc, pr, rc, rr);
    PreferenceLossValues mixed = evaluate(loss.withSft(weight, normalisation), pc, pr, rc, rr);
    for (int i = 0; i < 2; i++) {
      double length =
          switch (normalisation) {
            case SUMMED -> 1;
            case LENGTH_AVERAGED -> CHOSEN_LENGTHS[i];
            case BATCH_TOKEN_MEAN -> 5;
          };
      double expected = plain.losses()[i] + weight * -pc[i] / length;
      assertThat(mixed.losses()[i])
          .isCloseTo(expected, within(1e-9 * Math.max(1, Math.abs(expected))));
      assertThat(mixed.chosenGradients()[i])
          .isCloseTo(plain.chosenGradients()[i] - weight / length / 2, within(1e-9));
      assertThat(mixed.rejectedGradients()[i])
          .isCloseTo(plain.rejectedGradients()[i], within(1e-12));
    }
    assertThat(mixed.chosenRewards()).containsExactly(plain.chosenRewards(), within(1e-12));
  }

  @Property(tries = 10)
  void theMeanOverTheTokensOfABatchIsThatOfAllAnswers(@ForAll("logProbs") double[] pc) {
    PreferenceLoss loss = new CpoLoss(0.1, 1, Normalisation.BATCH_TOKEN_MEAN);
    double[] same = pc.clone();
    double mean = evaluate(loss, pc, same, same, same).loss() - Math.log(2);
    assertThat(mean).isCloseTo(-(pc[0] + pc[1]) / 10, within(1e-9));
  }

  @Property(tries = 10)
  void regularisedPreferenceOptimisationWeighsByBeta(
      @ForAll("logProbs") double[] pc,
      @ForAll("logProbs") double[] pr,
      @ForAll @DoubleRange(min = 0.01, max = 1) double beta,
      @ForAll @DoubleRange(min = 0, max = 2) double eta) {
    PreferenceLossValues values = evaluate(PreferenceLoss.rpo(beta, eta), pc, pr, pc, pr);
    for (int i = 0; i < 2; i++) {
      assertThat(values.losses()[i])
          .isCloseTo(Math.log(2) - eta * beta * pc[i], within(1e-9 * (1 - pc[i])));
    }
  }

  @Example
  void badSettingsAreNamed() {
    assertThatThrownBy(() -> PreferenceLoss.rpo(0.1, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("weight must be finite and not negative but was -0.1");
    assertThatThrownBy(() -> PreferenceLoss.rpo(0.1, 1).withSft(1, Normalisation.LENGTH_AVERAGED))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("without a term of supervised fine-tuning");
  }
}
