package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.rlhf.GroupSampling.Truncated;
import org.alignment4j.rlhf.advantage.GaeEstimator;
import org.alignment4j.rlhf.advantage.KlController;
import org.alignment4j.rlhf.advantage.KlEstimator;
import org.alignment4j.rlhf.advantage.LagrangeMultiplier;
import org.alignment4j.rlhf.advantage.ScorePlacement;
import org.alignment4j.rlhf.advantage.TokenRewards;
import org.alignment4j.rlhf.advantage.Variance;
import org.alignment4j.rlhf.advantage.Whitening;
import org.alignment4j.rlhf.policy.ClippedValueLoss;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.SequenceClassifier;
import org.alignment4j.runtime.architecture.InitialWeights;
import org.alignment4j.runtime.architecture.OutputHead.SequenceScores;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.train.LearningRateSchedule;
import org.alignment4j.runtime.train.Metrics;
import org.alignment4j.runtime.train.SgdConfig;
import org.junit.jupiter.api.Test;

/**
 * Two whole steps of PPO, and of PPO-Lagrangian, against the same steps written out in float64: the
 * forward passes of policy, reference and critics, rewards of tokens, advantages, both losses,
 * gradients by central differences, and descent. Only the sampled tokens are taken over.
 */
class PpoAgainstFloat64Test {

  private final ConfigJson config =
      TestModels.config("llama", NaivePpo.VOCAB, NaivePpo.HIDDEN, 1, 16)
          .with("eos_token_id", NaivePpo.END);
  private final Weights weights = TestModels.weights(config, 0.4);

  private PolicyMethod method(NaivePpo.Variant v) {
    TokenRewards form =
        new TokenRewards(
            v.kl(),
            v.afterEnd() ? ScorePlacement.AFTER_EOS : ScorePlacement.LAST_TOKEN,
            Integer.MAX_VALUE,
            Double.POSITIVE_INFINITY,
            Double.POSITIVE_INFINITY);
    PolicyMethod ppo = PolicyMethod.ppo();
    return ppo.withEstimator(
            new GaeEstimator(
                NaivePpo.GAMMA,
                NaivePpo.LAMBDA,
                v.whitened() ? Whitening.FULL : Whitening.NONE,
                v.rewardsWhitened() ? Whitening.KEEP_MEAN : Whitening.NONE,
                v.variance()))
        .withLoss(org.alignment4j.rlhf.policy.PolicyLoss.ppo(NaivePpo.CLIP, NaivePpo.CLIP))
        .withKl(KlController.fixed(NaivePpo.BETA))
        .withTokenRewards(form)
        .withGroups(
            ppo.groups()
                .withSize(2)
                .withTruncated(v.bootstrapped() ? Truncated.BOOTSTRAPPED : Truncated.FINISHED))
        .withUpdates(PolicyUpdates.of(NaivePpo.EPOCHS, 1));
  }

  private void compare(NaivePpo.Variant variant) {
    List<Rollout> seen = new ArrayList<>();
    RewardFunction recording =
        new RewardFunction() {
          @Override
          public String name() {
            return "recorded";
          }

          @Override
          public List<OptionalDouble> score(List<Rollout> answers, CancellationToken token) {
            seen.addAll(answers);
            return answers.stream().map(a -> OptionalDouble.of(NaivePpo.reward(a))).toList();
          }
        };
    try (DecoderModel base = TestModels.of(config, weights);
        SequenceClassifier ofRewards = head(base, 3);
        SequenceClassifier ofCosts = head(base, 4)) {
      Critic critic =
          Critic.standard()
              .loss(new ClippedValueLoss(NaivePpo.VALUE_CLIP), NaivePpo.COEFFICIENT)
              .schedule(LearningRateSchedule.constant(NaivePpo.RATE));
      List<Prompt> prompts = List.of(Prompt.tokens(1, 4), Prompt.tokens(7), Prompt.tokens(3, 3, 9));
      PolicyTrainer trainer =
          PolicyTrainer.of(base, method(variant))
              .reward(recording)
              .critic(critic.from(ofRewards))
              .rollouts(RolloutOptions.of(NaivePpo.LENGTH))
              .epochs(2)
              .optimizer(SgdConfig.defaults())
              .schedule(LearningRateSchedule.constant(NaivePpo.RATE));
      trainer = trainer.options(trainer.options().withStability(0, Double.POSITIVE_INFINITY));
      if (variant.constrained()) {
        trainer =
            trainer.constraint(
                new CostConstraint(
                    RewardFunction.each("cost", NaivePpo::cost),
                    LagrangeMultiplier.standard(NaivePpo.BUDGET),
                    critic.from(ofCosts)));
      }
      NaivePpo naive =
          new NaivePpo(
              variant,
              weights,
              variant.constrained()
                  ? List.of(ofRewards.weights(), ofCosts.weights())
                  : List.of(ofRewards.weights()));
      try (PolicyTraining training = trainer.begin(prompts)) {
        while (training.hasNext()) {
          seen.clear();
          Metrics metrics = training.step();
          assertThat(seen.stream().map(Rollout::truncated).distinct()).hasSize(2);
          double[] expected = naive.step(List.copyOf(seen));
          near(metrics, "loss", expected[0]);
          near(metrics, "value_loss", expected[2]);
          assertThat(metrics.values().get("skipped_updates")).isZero();
          if (variant.constrained()) {
            near(metrics, "lambda", expected[1]);
            near(metrics, "cost_value_loss", expected[3]);
          }
        }
        assertThat(training.done()).isEqualTo(2);
        try (DecoderModel policy = training.model();
            SequenceClassifier rewards = training.critic().orElseThrow()) {
          nearer(policy.weights(), weights, naive.policy());
          nearer(rewards.weights(), ofRewards.weights(), naive.critic(0));
        }
        if (variant.constrained()) {
          try (SequenceClassifier costs = training.costCritic().orElseThrow()) {
            nearer(costs.weights(), ofCosts.weights(), naive.critic(1));
          }
        }
      }
    }
  }

  private static SequenceClassifier head(DecoderModel base, long seed) {
    return SequenceClassifier.of(
        base, InitialWeights.matrix(SequenceScores.WEIGHT, 1, NaivePpo.HIDDEN, 0.5, seed));
  }

  private static void near(Metrics metrics, String name, double expected) {
    assertThat(metrics.values().get(name)).as(name).isCloseTo(expected, within(5e-5));
  }

  /** What was trained is where float64 ends, up to a small part of the way there. */
  private static void nearer(Weights trained, Weights start, Float64Decoder expected) {
    double way = NaivePpo.distance(start, expected);
    assertThat(way).isGreaterThan(1e-2);
    assertThat(NaivePpo.distance(trained, expected)).isLessThan(2e-3 * way);
  }

  @Test
  void scoresOnTheLastToken() {
    compare(
        new NaivePpo.Variant(KlEstimator.K1, false, false, true, false, Variance.BESSEL, false));
  }

  @Test
  void scoresBehindTheEndAndTruncatedOnesBootstrapped() {
    compare(new NaivePpo.Variant(KlEstimator.K3, true, true, true, true, Variance.BIASED, false));
  }

  @Test
  void costsUnderAMultiplier() {
    compare(
        new NaivePpo.Variant(KlEstimator.K1, false, false, false, false, Variance.BESSEL, true));
  }

  @Test
  void costsWhitenedAndBootstrapped() {
    compare(new NaivePpo.Variant(KlEstimator.K2, true, true, true, false, Variance.BESSEL, true));
  }
}
