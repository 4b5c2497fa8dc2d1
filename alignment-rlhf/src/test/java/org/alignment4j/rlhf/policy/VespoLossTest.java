package org.alignment4j.rlhf.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.alignment4j.rlhf.PolicyMethod;
import org.alignment4j.rlhf.PolicyUpdates;
import org.alignment4j.rlhf.PolicyVariants;
import org.alignment4j.rlhf.advantage.CappedImportance;
import org.alignment4j.rlhf.advantage.IcePop;
import org.alignment4j.rlhf.advantage.OffPolicyCorrection;
import org.alignment4j.rlhf.advantage.SequenceFilteredImportance;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** The weight of VESPO, and the mask on completions that the policy has left. */
class VespoLossTest {

  private static final PolicyLoss VESPO = PolicyLoss.vespo();
  private static final Offset<Double> CLOSE = within(1e-12);

  /** φ of a completion of one token whose ratio is e^{gap}. */
  private static double phi(double gap, double advantage, double correction) {
    PolicyBatch batch =
        PolicyBatch.of(new double[] {-1}, new double[] {-1 - gap}, new double[] {advantage}, 1)
            .withCorrections(new double[] {correction});
    return PolicyLosses.evaluate(VESPO, batch).metric(VespoLoss.PHI);
  }

  @Property(tries = 40)
  void isOneWithoutMovementAndNowhereLessSureThanItsPeak(
      @ForAll @DoubleRange(min = -3, max = 3) double gap) {
    assertThat(phi(0, 1, 1)).isCloseTo(1, within(1e-13));
    assertThat(phi(0, -1, 1)).isCloseTo(1, within(1e-13));
    // w^k e^{−λw} is greatest at w = k/λ.
    assertThat(phi(gap, 1, 1)).isLessThanOrEqualTo(phi(Math.log(2 / 3.0), 1, 1) + 1e-12);
    assertThat(phi(gap, -1, 1)).isLessThanOrEqualTo(phi(Math.log(1.5), -1, 1) + 1e-12);
    assertThat(phi(gap, 1, 2)).isCloseTo(phi(gap + Math.log(2), 1, 1), within(1e-12));
  }

  @Test
  void farRatiosWeighNothing() {
    for (double gap : new double[] {-900, -30, 30, 900}) {
      for (double advantage : new double[] {1, -1}) {
        assertThat(phi(gap, advantage, 1)).isBetween(0.0, 1e-12);
      }
    }
    assertThat(phi(0, 1, 0)).isBetween(0.0, 1e-12);
  }

  /** φ of a completion of three tokens, each given the same correction, and of another. */
  private static double[] phi(PolicyLoss loss, double correction) {
    double[] logProbs = {-1, -1, -1, -1};
    PolicyBatch batch =
        PolicyBatch.of(logProbs, logProbs, new double[] {1, 1, 1, 1}, 3, 1)
            .withCorrections(new double[] {correction, correction, correction, 0.5});
    return Objects.requireNonNull(PolicyLosses.evaluate(loss, batch).metrics().get(VespoLoss.PHI));
  }

  /** TRL adds the logarithm of a completion's weight once, those of tokens one by one. */
  @Test
  void theWeightOfACompletionCountsOnce() {
    double once = Math.exp(3) * 1.2 * 1.2 * Math.exp(-3 * 1.2);
    double w = 1.2 * 1.2 * 1.2;
    double thrice = Math.exp(3) * w * w * Math.exp(-3 * w);
    double half = Math.exp(3) * 0.25 * Math.exp(-1.5);
    assertThat(once).isCloseTo(0.79029, within(1e-5));
    assertThat(thrice).isCloseTo(0.33619, within(1e-5));
    assertThat(phi(VESPO, 1.2)).containsExactly(new double[] {thrice, thrice, thrice, half}, CLOSE);
    PolicyLoss sequences = VESPO.correctedAt(CappedImportance.Level.SEQUENCE);
    assertThat(phi(sequences, 1.2)).containsExactly(new double[] {once, once, once, half}, CLOSE);
    assertThat(phi(sequences, 0)[0]).as("masked").isBetween(0.0, 1e-12);
    assertThat(sequences.correctedAt(CappedImportance.Level.TOKEN)).isEqualTo(VESPO);
  }

  /** Whatever the order in which a method is told, and however the loss is wrapped. */
  @Test
  void aMethodTellsItsLossWhatItsCorrectionsWeigh() {
    OffPolicyCorrection sequences =
        new CappedImportance(3, CappedImportance.Level.SEQUENCE, CappedImportance.Beyond.MASK);
    PolicyMethod plain = PolicyVariants.vespo();
    PolicyMethod method = plain.withUpdates(plain.updates().withCorrection(sequences));
    PolicyLoss wrapped = VESPO.withOffPolicyMask(0.1).withKl(KlPenalty.k3(0.1)).withEntropy(0.01);
    double once = 0.79029;
    assertThat(phi(method.loss(), 1.2)[0]).isCloseTo(once, within(1e-5));
    assertThat(phi(method.withLoss(wrapped).loss(), 1.2)[0]).isCloseTo(once, within(1e-5));
    PolicyUpdates ofTokens = plain.updates().withCorrection(OffPolicyCorrection.truncated(3));
    assertThat(phi(method.withUpdates(ofTokens).loss(), 1.2)[0]).isCloseTo(0.33619, within(1e-5));
    assertThat(new IcePop(0.5, 5).level()).isEqualTo(CappedImportance.Level.TOKEN);
    assertThat(new SequenceFilteredImportance(0.5, 5).level())
        .as("weights of tokens in completions that are kept")
        .isEqualTo(CappedImportance.Level.TOKEN);
  }

  /** The ratio is that of the whole completion: tokens that cancel leave it at 1. */
  @Test
  void theRatioIsOfTheCompletion() {
    PolicyBatch batch =
        PolicyBatch.of(
            new double[] {-1, -1, -1}, new double[] {-1.5, -0.5, -2}, new double[] {1, 1, 1}, 2, 1);
    double[] phi = PolicyLosses.evaluate(VESPO, batch).metrics().get(VespoLoss.PHI);
    assertThat(phi[0]).isCloseTo(1, within(1e-13));
    assertThat(phi[1]).isCloseTo(1, within(1e-13));
    assertThat(phi[2]).isCloseTo(phi(1, 1, 1), within(1e-13));
  }

  /** Two completions the policy has left by 0.5 nats a token in the mean, two it has not. */
  @Test
  void theMaskDropsBadCompletionsThatThePolicyHasLeft() {
    double[] old = {-1, -1, -1, -1, -1, -1};
    double[] policy = {-1.9, -1.1, -1.5, -1.1, -0.1, -1.5};
    double[] advantages = {-1, -1, 1, -1, -1, 0};
    PolicyBatch batch = PolicyBatch.of(policy, old, advantages, 2, 1, 1, 1, 1);
    LossValues plain = PolicyLosses.evaluate(PolicyLoss.ppo(), batch);
    LossValues masked = PolicyLosses.evaluate(PolicyLoss.ppo().withOffPolicyMask(0.4), batch);
    double[] expected = plain.gradients().clone();
    Arrays.fill(expected, 0, 2, 0);
    assertThat(masked.gradients()).containsExactly(expected, within(1e-14));
    assertThat(masked.losses()[0]).isZero();
    assertThat(masked.metrics().get(OffPolicyMaskedLoss.MASKED)).containsExactly(1, 1, 0, 0, 0, 0);
    LossValues loose = PolicyLosses.evaluate(PolicyLoss.ppo().withOffPolicyMask(0.6), batch);
    assertThat(loose.losses()).containsExactly(plain.losses(), within(0.0));
    // A penalty on divergence is left to all.
    PolicyLoss penalised = PolicyLoss.ppo().withOffPolicyMask(0.4).withKl(KlPenalty.k2(1));
    double[] away = {-3, -3, -3, -3, -3, -3};
    assertThat(PolicyLosses.evaluate(penalised, batch.withReference(away)).losses()[0])
        .isCloseTo(1.1 * 1.1 / 2, within(1e-12));
  }

  @Test
  void refusals() {
    assertThatThrownBy(() -> new VespoLoss(2, 0, 3, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("lambdaPositive must be positive and finite but was 0.0");
    assertThatThrownBy(() -> PolicyLoss.grpo(0.1).withOffPolicyMask(1))
        .hasMessageContaining("without mask, penalty and bonus")
        .hasMessageContaining("add those to the masked loss");
    assertThatThrownBy(() -> PolicyLoss.ppo().withOffPolicyMask(-1))
        .hasMessageContaining("threshold");
  }
}
