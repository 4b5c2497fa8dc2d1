package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.alignment4j.rlhf.advantage.DecoupledGroupEstimator;
import org.alignment4j.rlhf.advantage.KlController;
import org.alignment4j.rlhf.advantage.MissingEos;
import org.alignment4j.rlhf.advantage.OffPolicySequenceMask;
import org.alignment4j.rlhf.advantage.SoftOverlong;
import org.alignment4j.rlhf.policy.EntropyRegularisedLoss;
import org.alignment4j.rlhf.policy.KlPenalty;
import org.alignment4j.rlhf.policy.OffPolicyMaskedLoss;
import org.alignment4j.rlhf.policy.PolicyLoss;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Settings that a step would refuse, or that would do nothing, before anything is sampled. */
class RewardFitTest {

  private DecoderModel base;
  private final AtomicInteger asked = new AtomicInteger();
  private final RewardFunction verdict =
      RewardFunction.each(
          "verdict",
          r -> {
            asked.incrementAndGet();
            return r.sample() % 2;
          });

  @BeforeEach
  void open() {
    base = SmallPolicies.model();
  }

  @AfterEach
  void close() {
    base.close();
  }

  private void refused(PolicyTrainer trainer, String... parts) {
    assertThatThrownBy(() -> trainer.begin(SmallPolicies.prompts(3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(parts);
    assertThat(asked).hasValue(0);
  }

  private PolicyTrainer passAtK() {
    return SmallPolicies.trainer(base, PolicyVariants.passAtK(2).withGroupSize(4));
  }

  static Stream<UnaryOperator<PolicyTrainer>> graded() {
    return Stream.of(
        t -> t.normalise(RewardNormaliser.unbounded()),
        t -> t.missingEndPenalty(1),
        t -> t.missingEnd(MissingEos.replace(-1)),
        t -> t.overlong(new SoftOverlong(4, 2)));
  }

  @ParameterizedTest
  @MethodSource("graded")
  void passAtKTakesVerdictsAlone(UnaryOperator<PolicyTrainer> change) {
    String rule = "pass@2 takes rewards of 0 or 1 but ";
    refused(change.apply(passAtK().reward(verdict)), rule, "put penalties in the loss");
    assertThatThrownBy(() -> change.apply(passAtK()).beginGiven(1)).hasMessageContaining(rule);
  }

  /** A penalty that begins where completions end would be paid by none, whatever it is worth. */
  @Test
  void aPenaltyOnLengthMustBeginBeforeTheLimit() {
    PolicyTrainer trainer =
        SmallPolicies.trainer(base, PolicyMethod.dapo().withGroupSize(2), SmallPolicies.first());
    for (SoftOverlong beyond :
        List.of(new SoftOverlong(512, 100), new SoftOverlong(4, 0), new SoftOverlong(6, 2))) {
      refused(
          trainer.overlong(beyond),
          "overlong must begin before the limit of completions",
          "maxTokens %s less buffer %s".formatted(beyond.maxTokens(), beyond.buffer()),
          "maxNewTokens of the rollouts is 4",
          "new SoftOverlong(4, 1)",
          "rollouts(...)");
    }
    for (SoftOverlong within : List.of(new SoftOverlong(4, 1), new SoftOverlong(9, 6))) {
      trainer.overlong(within).begin(SmallPolicies.prompts(3)).close();
    }
    trainer.overlong(new SoftOverlong(512, 100)).beginGiven(1).close();
  }

  @Test
  void passAtKTakesNoOtherWeightAndNoDivergence() {
    refused(passAtK().reward(verdict, 0.5), "pass@2", "reward 'verdict' has the weight 0.5");
    PolicyMethod penalised = PolicyVariants.passAtK(2).withKl(KlController.fixed(0.1));
    refused(SmallPolicies.trainer(base, penalised, verdict), "pass@2", "divergence changes them");
  }

  /** A cut-off answer may count as wrong, and a reward that weighs nothing may be watched. */
  @Test
  void verdictsThatStayVerdictsAreFine() {
    PolicyTrainer trainer =
        passAtK()
            .reward(verdict)
            .reward(SmallPolicies.first(), 0)
            .missingEnd(MissingEos.replace(0));
    try (PolicyTraining training = trainer.begin(SmallPolicies.prompts(3))) {
      assertThat(SmallPolicies.finite(training.step())).containsKey("rewards/first/mean");
    }
  }

  @Test
  void aMissingEndThatIsAVerdictStaysOne() {
    for (MissingEos rule : List.of(MissingEos.replace(1), MissingEos.replace(0))) {
      passAtK().reward(verdict).missingEnd(rule).begin(SmallPolicies.prompts(3)).close();
    }
    passAtK().reward(verdict).missingEndPenalty(0).begin(SmallPolicies.prompts(3)).close();
    for (double half : new double[] {0.5, 2}) {
      refused(
          passAtK().reward(verdict).missingEnd(MissingEos.replace(half)),
          "pass@2",
          "a missing end changes them");
    }
  }

  @Test
  void decoupledRewardsAreNotMadeOneBefore() {
    PolicyMethod gdpo =
        PolicyMethod.grpo().withName("gdpo").withEstimator(new DecoupledGroupEstimator(1e-4));
    refused(
        SmallPolicies.trainer(base, gdpo, verdict).normalise(RewardNormaliser.unbounded()),
        "gdpo standardises each reward function by itself",
        "normalise(...)");
  }

  static Stream<PolicyLoss> geometricMeans() {
    PolicyLoss gmpo = PolicyLoss.gmpo();
    PolicyLoss masked = new OffPolicyMaskedLoss(gmpo, new OffPolicySequenceMask(0.1));
    return Stream.of(
        gmpo,
        masked,
        gmpo.withKl(KlPenalty.k3(0.1)),
        new EntropyRegularisedLoss(masked, 0.1),
        new EntropyRegularisedLoss(gmpo, 0.1).withKl(KlPenalty.k3(0.1)));
  }

  @ParameterizedTest
  @MethodSource("geometricMeans")
  void tokensAreNotLeftOutOfAMeanOverAll(PolicyLoss loss) {
    PolicyTrainer trainer =
        SmallPolicies.trainer(base, PolicyVariants.gmpo().withLoss(loss), verdict);
    refused(
        trainer.entropy(EntropyUse.none().withTokens(0.2)),
        "HighEntropyTokens[share=0.2]",
        "gmpo",
        "withTokens");
    trainer.entropy(EntropyUse.none()).begin(SmallPolicies.prompts(3)).close();
  }
}
