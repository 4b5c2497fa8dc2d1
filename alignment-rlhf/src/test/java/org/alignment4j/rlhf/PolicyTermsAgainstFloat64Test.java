package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.rlhf.advantage.AdaptiveEntropyController;
import org.alignment4j.rlhf.advantage.EntropyController;
import org.alignment4j.rlhf.advantage.TokenWeights;
import org.alignment4j.rlhf.policy.PolicyLoss;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.train.Metrics;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whole steps with entropies over the vocabulary against the same steps written out in float64.
 * Only the sampled tokens are taken over.
 */
class PolicyTermsAgainstFloat64Test {

  private static final int VOCAB = 11;
  private static final int HIDDEN = 8;
  private static final int GROUP = 4;
  private static final double RATE = 0.2;
  private static final double CLIP = 0.1;

  private final Weights weights;
  private final ConfigJson config;

  PolicyTermsAgainstFloat64Test() {
    config = TestModels.config("llama", VOCAB, HIDDEN, 1, 16).with("eos_token_id", 2);
    weights = TestModels.weights(config, 0.4);
  }

  private static double reward(Rollout r) {
    return r.tokens().stream().filter(t -> t > 5).count() - 0.5 * r.tokens().size();
  }

  /** One way of sampling and learning. */
  private record Variant(double temperature, int epochs, double share) {}

  /** Log-probabilities and entropies of a completion's tokens at a temperature. */
  private record Sureness(double[] logProbs, double[] entropies) {

    static Sureness of(Float64Decoder model, Rollout r, double temperature) {
      int[] tokens = r.promptTokens().concat(r.tokens()).toArray();
      double[][] logits = model.logits(tokens);
      double[] logProbs = new double[r.tokens().size()];
      double[] entropies = new double[logProbs.length];
      for (int t = 0; t < logProbs.length; t++) {
        double[] z = logits[r.promptTokens().size() - 1 + t];
        double total = Arrays.stream(z).map(v -> Math.exp(v / temperature)).sum();
        for (double v : z) {
          double p = Math.exp(v / temperature) / total;
          entropies[t] -= p * Math.log(p);
        }
        logProbs[t] = z[r.tokens().get(t)] / temperature - Math.log(total);
      }
      return new Sureness(logProbs, entropies);
    }
  }

  /** The policy loss, the mean entropy of tokens that are acted upon, and that of all tokens. */
  private static double[] parts(
      Float64Decoder model, List<Rollout> rollouts, Variant variant, List<Sureness> old) {
    double[] all = old.stream().flatMapToDouble(o -> Arrays.stream(o.entropies())).toArray();
    double threshold = quantile(all, 1 - variant.share()) - 1e-5;
    double loss = 0;
    double acted = 0;
    double count = 0;
    double entropies = 0;
    for (int i = 0; i < rollouts.size(); i++) {
      Sureness now = Sureness.of(model, rollouts.get(i), variant.temperature());
      double mean =
          rollouts.subList(i / GROUP * GROUP, i / GROUP * GROUP + GROUP).stream()
              .mapToDouble(PolicyTermsAgainstFloat64Test::reward)
              .average()
              .orElseThrow();
      double advantage = reward(rollouts.get(i)) - mean;
      for (int t = 0; t < now.logProbs().length; t++) {
        entropies += now.entropies()[t];
        if (old.get(i).entropies()[t] >= threshold) {
          double ratio = Math.exp(now.logProbs()[t] - old.get(i).logProbs()[t]);
          double clipped = Math.max(1 - CLIP, Math.min(1 + CLIP, ratio));
          loss -= Math.min(ratio * advantage, clipped * advantage);
          acted += now.entropies()[t];
          count++;
        }
      }
    }
    return new double[] {loss / all.length, acted / count, entropies / all.length};
  }

  private static double quantile(double[] values, double q) {
    double[] sorted = Arrays.stream(values).sorted().toArray();
    double place = q * (sorted.length - 1);
    double low = sorted[(int) Math.floor(place)];
    double high = sorted[(int) Math.ceil(place)];
    return low + (high - low) * (place - Math.floor(place));
  }

  private void compare(Variant variant, EntropyController bonus) {
    EntropyUse use = EntropyUse.bonus(bonus);
    if (variant.share() < 1) {
      use = use.withTokens(variant.share());
    }
    List<Rollout> seen = new ArrayList<>();
    PolicyMethod method =
        PolicyMethod.drGrpo(1)
            .withGroupSize(GROUP)
            .withLoss(PolicyLoss.ppo(CLIP, CLIP))
            .withUpdates(variant.epochs(), 1);
    method =
        new PolicyMethod(
            method.name(),
            method.estimator(),
            method.loss(),
            TokenWeights.tokenMean(),
            method.kl(),
            method.tokenRewards(),
            method.groups(),
            method.updates());
    Float64Decoder model = new Float64Decoder("llama", VOCAB, HIDDEN, 1, weights);
    try (DecoderModel base = TestModels.of(config, weights);
        PolicyTraining training =
            PolicyTrainer.of(base, method)
                .reward(
                    RewardFunction.each(
                        "seen",
                        r -> {
                          seen.add(r);
                          return reward(r);
                        }))
                .rollouts(new RolloutOptions(5, variant.temperature()))
                .options(Float64Descent.options(RATE).withEpochs(3).withBatchSize(2))
                .entropy(use)
                .begin(List.of(Prompt.tokens(1, 4), Prompt.tokens(3, 3, 9)))) {
      while (training.hasNext()) {
        seen.clear();
        Metrics metrics = training.step();
        List<Rollout> rollouts = List.copyOf(seen);
        List<Sureness> old =
            rollouts.stream().map(r -> Sureness.of(model, r, variant.temperature())).toList();
        double loss = 0;
        double entropy = 0;
        double applied = 0;
        for (int e = 0; e < variant.epochs(); e++) {
          double c = bonus.coefficient();
          double[] parts = parts(model, rollouts, variant, old);
          loss += (parts[0] - c * parts[1]) / variant.epochs();
          entropy += parts[2] / variant.epochs();
          applied += c / variant.epochs();
          Float64Descent.step(
              model,
              RATE,
              m -> {
                double[] moved = parts(m, rollouts, variant, old);
                return moved[0] - c * moved[1];
              });
          bonus = bonus.after(parts[2]);
        }
        assertThat(metrics.values().get("entropy")).isCloseTo(entropy, within(2e-5));
        assertThat(metrics.values().get("entropy_coef")).isCloseTo(applied, within(1e-12));
        assertThat(metrics.values().get("loss")).isCloseTo(loss, within(5e-5));
      }
      try (DecoderModel trained = training.model()) {
        double way = Float64Descent.distance(weights, model);
        assertThat(way).isGreaterThan(1e-2);
        assertThat(Float64Descent.distance(trained.weights(), model)).isLessThan(2e-3 * way);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 0.8})
  void aBonusOfOneUpdate(double temperature) {
    compare(new Variant(temperature, 1, 1), EntropyController.fixed(0.7));
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 0.2})
  void anAdaptiveBonusOverSeveralUpdates(double share) {
    compare(new Variant(1, 2, share), AdaptiveEntropyController.of(0.5, 0, 1, 0.1, 3));
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 0.6})
  void theTokensOfHighestEntropy(double temperature) {
    compare(new Variant(temperature, 1, 0.3), EntropyController.fixed(0));
    compare(new Variant(temperature, 2, 0.5), EntropyController.fixed(0.4));
  }

  /** What the sampler cannot tell is the mean surprise; both have the same expectation. */
  @org.junit.jupiter.api.Test
  void withoutUseTheEntropyIsEstimated() {
    Float64Decoder model = new Float64Decoder("llama", VOCAB, HIDDEN, 1, weights);
    List<Rollout> seen = new ArrayList<>();
    PolicyTrainer trainer =
        PolicyTrainer.of(TestModels.of(config, weights), PolicyMethod.grpo())
            .reward(RewardFunction.each("seen", r -> seen.add(r) ? reward(r) : 0))
            .rollouts(RolloutOptions.of(5))
            .batchSize(2);
    List<Prompt> prompts = List.of(Prompt.tokens(1, 4), Prompt.tokens(3, 3, 9));
    double estimated;
    try (PolicyTraining training = trainer.begin(prompts)) {
      estimated = training.step().values().get("entropy");
    }
    List<Sureness> old = seen.stream().map(r -> Sureness.of(model, r, 1)).toList();
    double surprise =
        -old.stream().flatMapToDouble(o -> Arrays.stream(o.logProbs())).average().orElseThrow();
    double exact =
        old.stream().flatMapToDouble(o -> Arrays.stream(o.entropies())).average().orElseThrow();
    assertThat(estimated).isCloseTo(surprise, within(1e-5)).isNotCloseTo(exact, within(1e-3));
    for (EntropyUse use : List.of(EntropyUse.measured(), EntropyUse.none().withTokens(0.5))) {
      try (PolicyTraining training = trainer.entropy(use).begin(prompts)) {
        assertThat(training.step().values().get("entropy")).isCloseTo(exact, within(1e-5));
      }
    }
  }

  @org.junit.jupiter.api.Test
  void twoBonusesAreRefused() {
    try (DecoderModel base = TestModels.of(config, weights)) {
      PolicyTrainer trainer =
          PolicyTrainer.of(
                  base,
                  PolicyMethod.grpo()
                      .withLoss(
                          PolicyLoss.ppo()
                              .withEntropy(0.1)
                              .withKl(org.alignment4j.rlhf.policy.KlPenalty.k3(0.1))))
              .reward(RewardFunction.each("r", r -> 1))
              .entropy(EntropyUse.bonus(0.1));
      assertThatThrownBy(() -> trainer.begin(List.of(Prompt.tokens(1))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("the bonus for entropy must be one")
          .hasMessageContaining("take one away");
    }
  }
}
