package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.alignment4j.rlhf.advantage.KlController;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.train.LearningRateSchedule;
import org.alignment4j.runtime.train.Lora;
import org.alignment4j.runtime.train.Metrics;
import org.alignment4j.runtime.train.SgdConfig;
import org.junit.jupiter.api.Test;

/** Training for one right answer of k, from rewards to updates. */
class PassAtKTrainingTest extends WantedTokens {

  private static double right(Rollout rollout) {
    return rollout.tokens().stream().anyMatch(t -> t == WANTED) ? 1 : 0;
  }

  private PolicyTrainer trainer(PolicyMethod method, RewardFunction reward) {
    return PolicyTrainer.of(base, method)
        .reward(reward)
        .rollouts(RolloutOptions.of(LENGTH))
        .batchSize(4)
        .learningRate(2e-2);
  }

  @Test
  void moreAnswersBecomeRight() {
    FineTuningResult result =
        trainer(PolicyVariants.passAtK(3), RewardFunction.each("right", PassAtKTrainingTest::right))
            .adapter(Lora.rank(4))
            .epochs(15)
            .train(prompts(8));
    List<Metrics> metrics = result.metrics();
    result.model().close();
    assertThat(mean(metrics.subList(26, 30), "reward"))
        .isGreaterThan(mean(metrics.subList(0, 4), "reward") + 0.2);
  }

  /**
   * Against an update whose rewards are the advantages of pass@k found by hand, for a group of four
   * with one right answer and k of 2: half the pairs hold it.
   */
  @Test
  void anUpdateTakesTheAdvantagesOfPassAtK() {
    RewardFunction first = RewardFunction.each("first", r -> r.sample() == 0 ? 1 : 0);
    // R is 1/2 and σ too; a wrong answer is in one right pair of three.
    RewardFunction byHand =
        RewardFunction.each("byHand", r -> r.sample() == 0 ? 1 : (1.0 / 3 - 1.0 / 2) / 0.5);
    try (PolicyTraining a =
            still(trainer(PolicyVariants.passAtK(2).withGroupSize(4), first)).begin(prompts(3));
        PolicyTraining b =
            still(
                    trainer(
                        PolicyMethod.grpo()
                            .withEstimator(PolicyMethod.drGrpo(LENGTH).estimator())
                            .withGroupSize(4),
                        byHand))
                .begin(prompts(3))) {
      Map<String, Double> one = a.step().values();
      b.step();
      assertThat(one.get("reward")).isEqualTo(0.25);
      try (DecoderModel x = a.model();
          DecoderModel y = b.model()) {
        double moved = 0;
        for (WeightTensor tensor : x.weights().tensors()) {
          FloatBuffer other = y.weights().get(tensor.name()).data();
          FloatBuffer before = base.weights().get(tensor.name()).data();
          for (int i = 0; i < tensor.size(); i++) {
            assertThat(tensor.data().get(i)).isCloseTo(other.get(i), within(1e-6f));
            moved = Math.max(moved, Math.abs(tensor.data().get(i) - before.get(i)));
          }
        }
        assertThat(moved).isGreaterThan(1e-2);
      }
    }
  }

  private static PolicyTrainer still(PolicyTrainer trainer) {
    return trainer.optimizer(SgdConfig.defaults()).schedule(LearningRateSchedule.constant(0.5));
  }

  @Test
  void groupsBelowKAreRefusedBeforeAnythingIsSampled() {
    AtomicInteger asked = new AtomicInteger();
    RewardFunction counted =
        RewardFunction.each(
            "counted",
            r -> {
              asked.incrementAndGet();
              return 1;
            });
    PolicyTrainer trainer = trainer(PolicyVariants.passAtK(5).withGroupSize(4), counted);
    assertThatThrownBy(() -> trainer.begin(prompts(2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("pass_at_5", "groups of at least 5", "groupSize was 4");
    assertThat(asked).hasValue(0);
    assertThat(PolicyVariants.passAtK(5).groups().size()).isEqualTo(10);
    assertThat(PolicyVariants.passAtK(1).groups().size()).isEqualTo(8);
    assertThatThrownBy(() -> PolicyVariants.passAtK(0)).hasMessageContaining("but was 0");
  }

  @Test
  void rewardsThatAreNoVerdictAreRefused() {
    PolicyTrainer graded = trainer(PolicyVariants.passAtK(2), REWARD);
    assertThatThrownBy(() -> graded.train(prompts(4)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("pass@2 takes rewards of 0 or 1 but sequence");
    RewardFunction verdict = RewardFunction.each("right", PassAtKTrainingTest::right);
    PolicyTrainer penalised =
        trainer(PolicyVariants.passAtK(2).withKl(KlController.fixed(0.1)), verdict);
    assertThatThrownBy(() -> penalised.epochs(3).train(prompts(4)))
        .hasMessageContainingAll("divergence changes them", "put penalties in the loss");
  }

  /** Groups without signal are made up for: twice the step where half the groups have none. */
  @Test
  void groupPolicyGradientIsAsLargeWhereHalfTheGroupsTeachNothing() {
    List<Double> norms = new ArrayList<>();
    for (boolean half : new boolean[] {false, true}) {
      RewardFunction reward =
          RewardFunction.each("some", r -> half && r.prompt() >= 2 ? 1 : r.sample());
      try (PolicyTraining training =
          trainer(PolicyVariants.gpg().withGroupSize(4), reward).begin(prompts(4))) {
        norms.add(training.step().values().get("loss"));
      }
    }
    try (PolicyTraining plain =
        trainer(
                PolicyVariants.gpg()
                    .withGroupSize(4)
                    .withEstimator(PolicyMethod.drGrpo(LENGTH).estimator()),
                RewardFunction.each("some", r -> r.prompt() >= 2 ? 1 : r.sample()))
            .begin(prompts(4))) {
      double halved = plain.step().values().get("loss");
      assertThat(Math.abs(halved)).isGreaterThan(1e-3);
      assertThat(norms.get(1)).isCloseTo(2 * halved, within(1e-5));
      assertThat(norms.get(0)).isNotCloseTo(norms.get(1), within(1e-5));
    }
  }
}
