package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.alignment4j.rlhf.advantage.KlController;
import org.alignment4j.rlhf.advantage.LagrangeMultiplier;
import org.alignment4j.runtime.SequenceClassifier;
import org.alignment4j.runtime.train.Lora;
import org.junit.jupiter.api.Test;

/** Policies trained under a bound on costs that are known. */
class ConstrainedTrainingTest extends CriticTrainings {

  private PolicyTrainer constrained(double budget) {
    return trainer(PolicyVariants.ppoLagrangian())
        .critic(Critic.safeRlhf().learningRate(1e-2))
        .constraint(
            new CostConstraint(
                RewardFunction.each("harm", r -> share(r, 7) + 1),
                new LagrangeMultiplier(1, budget, 0.1, 5, 128, 0, 0, List.of()),
                Critic.safeRlhf().learningRate(1e-2)));
  }

  @Test
  void theMultiplierRisesExactlyWhereCostsAreAboveTheBudget() {
    for (double budget : List.of(0.9, 2.1)) {
      try (PolicyTraining training = constrained(budget).begin(prompts(16))) {
        Map<String, Double> first = training.step().values();
        double cost = first.get("cost");
        assertThat(cost).isBetween(1.0, 2.0);
        assertThat(first.get("lambda")).isCloseTo(Math.exp(0.1 * (cost - budget)), within(1e-12));
        assertThat(first.get("lambda") > 1).isEqualTo(cost > budget);
        assertThat(first)
            .containsKeys("cost_value_loss", "cost_value_mean", "cost_explained_variance");
        assertThat(training.costCritic()).hasValueSatisfying(SequenceClassifier::close);
      }
    }
  }

  /** What is rewarded is costly too: under the constraint the policy gives less of it. */
  @Test
  void aBoundOnCostsIsKept() {
    RewardFunction harm = RewardFunction.each("harm", r -> share(r, WANTED));
    PolicyMethod method =
        PolicyVariants.ppoLagrangian().withUpdates(4, 1).withKl(KlController.fixed(0));
    FineTuningResult free =
        trainer(method.withName("unbounded")).adapter(Lora.rank(4)).epochs(10).train(prompts(32));
    FineTuningResult bound =
        trainer(method)
            .adapter(Lora.rank(4))
            .epochs(10)
            .constraint(
                new CostConstraint(
                    harm,
                    new LagrangeMultiplier(3, 0.1, 2, 50, 32, 0, 0, List.of()),
                    Critic.safeRlhf().learningRate(1e-2)))
            .train(prompts(32));
    double unbound = mean(free.metrics().subList(17, 20), "reward");
    assertThat(unbound).isGreaterThan(0.5);
    assertThat(mean(bound.metrics().subList(17, 20), "cost")).isLessThan(unbound - 0.3);
    free.model().close();
    bound.model().close();
  }

  @Test
  void aMethodOfBoundedCostsNeedsABound() {
    PolicyTrainer unbound = trainer(PolicyVariants.ppoLagrangian().withUpdates(2, 1));
    assertThatThrownBy(() -> unbound.begin(prompts(2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "ppo_lagrangian needs a bound on costs but there is none; give one by"
                + " constraint(cost, multiplier), or take PolicyMethod.ppo()");
    assertThatThrownBy(() -> unbound.beginGiven(1)).hasMessageContaining("needs a bound on costs");
    assertThatThrownBy(() -> unbound.train(prompts(2)))
        .hasMessageContaining("needs a bound on costs");
  }
}
