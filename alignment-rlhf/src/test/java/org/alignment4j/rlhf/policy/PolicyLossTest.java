package org.alignment4j.rlhf.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.alignment4j.rlhf.advantage.KlEstimator;
import org.junit.jupiter.api.Test;

/** Clips, bounds and refusals of policy and value losses. */
class PolicyLossTest {

  /** Tokens with ratios e^-0.5, e^0.5, e^-0.5, e^0.5 and advantages 1, 1, -1, -1. */
  private static final PolicyBatch MOVED =
      PolicyBatch.of(
          new double[] {-1.5, -0.5, -1.5, -0.5},
          new double[] {-1, -1, -1, -1},
          new double[] {1, 1, -1, -1},
          1,
          1,
          1,
          1);

  @Test
  void theClippedSideHasNoGradient() {
    double low = Math.exp(-0.5) / 4;
    double high = Math.exp(0.5) / 4;
    for (PolicyLoss loss : List.of(PolicyLoss.ppo(), new GspoLoss(0.2, 0.2), PolicyLoss.rloo())) {
      LossValues values = PolicyLosses.evaluate(loss, MOVED);
      assertThat(values.gradients())
          .containsExactly(new double[] {-low, 0, 0, high}, within(1e-12));
      assertThat(values.metrics().get("clip_ratio/low_mean")).containsExactly(0, 0, 1, 0);
      assertThat(values.metrics().get("clip_ratio/high_mean")).containsExactly(0, 1, 0, 0);
      assertThat(values.metric("clip_ratio/region_mean")).isEqualTo(0.5);
      assertThat(values.metric("approx_kl")).isCloseTo(0.125, within(1e-12));
    }
  }

  @Test
  void dualClipAndDeltaEndThePunishment() {
    double ratio = Math.exp(0.5);
    LossValues dual = PolicyLosses.evaluate(PolicyLoss.ppo().withDualClip(1.3), MOVED);
    assertThat(dual.losses()[3]).isCloseTo(1.3, within(1e-12));
    assertThat(dual.gradients()[3]).isZero();
    LossValues delta = PolicyLosses.evaluate(PolicyLoss.ppo().withDelta(1.4), MOVED);
    assertThat(delta.losses()[3]).isCloseTo(1.4, within(1e-12));
    assertThat(delta.gradients()[3]).isZero();
    LossValues loose = PolicyLosses.evaluate(PolicyLoss.ppo().withDualClip(3).withDelta(2), MOVED);
    assertThat(loose.losses()[3]).isCloseTo(ratio, within(1e-12));
    assertThat(dual.losses()[1]).isEqualTo(loose.losses()[1]);
  }

  @Test
  void cispoTeachesEveryTokenAndSaysWhichWeightsItCuts() {
    LossValues values = PolicyLosses.evaluate(PolicyLoss.cispo(), MOVED);
    double low = Math.exp(-0.5) / 4;
    assertThat(values.gradients())
        .containsExactly(new double[] {-low, -0.32, low, 0.32}, within(1e-12));
    assertThat(values.metrics().get("clip_ratio/high_mean")).containsExactly(0, 1, 0, 1);
  }

  @Test
  void oneTokenSequencesMakeGspoTheLossOfTokens() {
    LossValues tokens = PolicyLosses.evaluate(PolicyLoss.ppo(0.1, 0.3), MOVED);
    LossValues sequences = PolicyLosses.evaluate(new GspoLoss(0.1, 0.3), MOVED);
    assertThat(sequences.losses()).containsExactly(tokens.losses(), within(1e-14));
    assertThat(sequences.gradients()).containsExactly(tokens.gradients(), within(1e-14));
  }

  @Test
  void alolWithEqualModelsIsFreeOfTheReference() {
    PolicyBatch equal = MOVED.withReference(MOVED.policy());
    LossValues free = PolicyLosses.evaluate(PolicyLoss.reinforce(), equal);
    for (AlolLoss.RatioLevel level : AlolLoss.RatioLevel.values()) {
      LossValues values = PolicyLosses.evaluate(new AlolLoss(level, 0.9), equal);
      assertThat(values.losses()).containsExactly(free.losses(), within(1e-14));
      assertThat(values.gradients()).containsExactly(free.gradients(), within(1e-14));
    }
  }

  @Test
  void hugeRatiosStayFinite() {
    PolicyBatch wild =
        PolicyBatch.of(
                new double[] {-1, -900, -1, -900},
                new double[] {-900, -1, -900, -1},
                new double[] {1, 1, -1, -1},
                2,
                2)
            .withReference(new double[] {-900, -1, -1, 0});
    for (PolicyLoss loss : PolicyLossProperties.ALL) {
      LossValues values = PolicyLosses.evaluate(loss, wild);
      for (int i = 0; i < 4; i++) {
        assertThat(values.losses()[i]).as(loss.toString()).isFinite();
        assertThat(values.gradients()[i]).as(loss.toString()).isFinite();
      }
    }
  }

  @Test
  void onlySomeLossesReadTheReference() {
    for (PolicyLoss loss : PolicyLossProperties.ALL) {
      double[] far = {-9, -8, -7, -6};
      LossValues near = PolicyLosses.evaluate(loss, MOVED);
      LossValues other = PolicyLosses.evaluate(loss, MOVED.withReference(far));
      assertThat(Arrays.equals(near.losses(), other.losses()))
          .as(loss.toString())
          .isEqualTo(!loss.needsReference());
    }
  }

  @Test
  void refusals() {
    assertThatThrownBy(() -> PolicyLoss.ppo(1.2, 0.2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("epsilonLow must be in [0, 1] but was 1.2");
    assertThatThrownBy(() -> PolicyLoss.ppo().withDualClip(1))
        .hasMessage("dualClip must be above 1, or infinite for none, but was 1.0");
    assertThatThrownBy(() -> PolicyLoss.ppo().withDelta(1.1))
        .hasMessage("delta must be above 1 + epsilonHigh = 1.2, or infinite for none, but was 1.1");
    assertThatThrownBy(() -> new CispoLoss(1, 0.3, CispoLoss.Cap.EPSILON))
        .hasMessageContaining("at least 1 where it is the bound itself");
    assertThatThrownBy(() -> new KlPenalty(KlEstimator.K1, 0.1, KlPenalty.Gradient.ESTIMATOR))
        .hasMessage(
            "K1 has no expected gradient in a loss; take K2, correct its bias, or put the penalty"
                + " into the reward");
    assertThatThrownBy(() -> PolicyLoss.grpo(0.1).withKl(KlPenalty.k2(0.1)))
        .hasMessageContaining("without a penalty on divergence");
    PolicyLoss both = PolicyLoss.ppo().withEntropy(0.1).withKl(KlPenalty.k3(0.1));
    assertThatThrownBy(() -> both.withEntropy(0.2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("without a bonus for entropy");
    PolicyLoss deep = PolicyLoss.grpo(0.1).withEntropy(0.1);
    assertThatThrownBy(() -> deep.withKl(KlPenalty.k3(0.1)))
        .hasMessageContaining("without a penalty on divergence");
    PolicyLoss masked = new AlolKlLoss(0.1).withOffPolicyMask(0.5);
    assertThatThrownBy(() -> masked.withKl(KlPenalty.k3(0.1)))
        .hasMessageContaining("without a penalty on divergence");
    assertThatThrownBy(() -> PolicyLoss.grpo(0))
        .hasMessageContaining("coefficient must be positive");
    assertThatThrownBy(() -> new SapoLoss(0, 1)).hasMessageContaining("positive must be positive");
    assertThatThrownBy(() -> new GoldLoss(-1)).hasMessage("floor must be in [0, 1] but was -1.0");
    assertThatThrownBy(() -> PolicyBatch.of(new double[2], new double[2], new double[2], 1))
        .hasMessage("policy must be of 1 tokens but is of 2");
    assertThatThrownBy(
            () -> PolicyBatch.of(new double[] {Double.NaN}, new double[1], new double[1], 1))
        .hasMessage("policy[0] must be a finite number but was NaN");
    assertThatThrownBy(() -> PolicyBatch.of(new double[1], new double[1], new double[1], 1, 0))
        .hasMessage("lengths must be at least 1 but one was 0");
    assertThatThrownBy(() -> PolicyLosses.evaluate(PolicyLoss.ppo(), MOVED).metric("kl"))
        .hasMessageContaining("but was kl");
  }
}
