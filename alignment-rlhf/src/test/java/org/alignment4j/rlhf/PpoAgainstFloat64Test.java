package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
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

  private static final int VOCAB = 11;
  private static final int HIDDEN = 8;
  private static final int LENGTH = 4;
  private static final int END = 2;
  private static final double RATE = 0.1;
  private static final double BETA = 0.3;
  private static final double CLIP = 0.1;
  private static final double VALUE_CLIP = 0.05;
  private static final double COEFFICIENT = 0.5;
  private static final double GAMMA = 0.97;
  private static final double LAMBDA = 0.9;
  private static final double BUDGET = 0.5;
  private static final int EPOCHS = 2;

  /** A choice of what methods leave open. */
  private record Variant(
      KlEstimator kl,
      boolean afterEnd,
      boolean bootstrapped,
      boolean whitened,
      boolean rewardsWhitened,
      Variance variance,
      boolean constrained) {}

  private final ConfigJson config =
      TestModels.config("llama", VOCAB, HIDDEN, 1, 16).with("eos_token_id", END);
  private final Weights weights = TestModels.weights(config, 0.4);

  private static double reward(Rollout r) {
    return r.tokens().stream().filter(t -> t > 5).count() - 0.5 * r.tokens().size();
  }

  private static double cost(Rollout r) {
    return r.tokens().stream().filter(t -> t % 2 == 1).count();
  }

  /** Naive PPO with critics over one policy. */
  private final class Naive {
    private final Variant variant;
    private final Float64Decoder policy = decoder(weights);
    private final Float64Decoder reference = decoder(weights);
    private final List<Float64Decoder> critics = new ArrayList<>();
    private double multiplier = 1;
    private final List<Double> costs = new ArrayList<>();

    Naive(Variant variant, List<Weights> critics) {
      this.variant = variant;
      critics.forEach(w -> this.critics.add(decoder(w)));
    }

    private Float64Decoder decoder(Weights from) {
      return new Float64Decoder("llama", VOCAB, HIDDEN, 1, from);
    }

    private double divergence(double policy, double reference) {
      double d = policy - reference;
      return switch (variant.kl()) {
        case K1 -> d;
        case K2 -> d * d / 2;
        case K3 -> Math.exp(-d) - 1 + d;
      };
    }

    /** Values or rewards a completion has. */
    private int steps(Rollout r) {
      int n = r.tokens().size();
      return variant.afterEnd() && n < LENGTH ? n + 1 : n;
    }

    /** Advantages and returns of one reward or cost. */
    private double[][][] estimate(
        List<Rollout> rollouts,
        double[][] old,
        double sign,
        ToDoubleFunction<Rollout> score,
        double[][] values) {
      double[][] rewards = new double[rollouts.size()][];
      for (int i = 0; i < rewards.length; i++) {
        Rollout r = rollouts.get(i);
        double[] ref = reference.logProbs(r.promptTokens(), r.tokens());
        rewards[i] = new double[steps(r)];
        for (int t = 0; t < ref.length; t++) {
          rewards[i][t] = sign * BETA * divergence(old[i][t], ref[t]);
        }
        rewards[i][steps(r) - 1] += score.applyAsDouble(r);
      }
      if (variant.rewardsWhitened()) {
        whiten(rewards, true);
      }
      double[][] advantages = new double[rewards.length][];
      double[][] returns = new double[rewards.length][];
      for (int i = 0; i < rewards.length; i++) {
        int n = rewards[i].length;
        advantages[i] = new double[n];
        returns[i] = new double[n];
        boolean open = variant.bootstrapped() && rollouts.get(i).truncated();
        for (int t = 0; t < n; t++) {
          double factor = 1;
          for (int k = t; k < n; k++) {
            double next = k + 1 < n ? values[i][k + 1] : open ? values[i][n] : 0;
            advantages[i][t] += factor * (rewards[i][k] + GAMMA * next - values[i][k]);
            factor *= GAMMA * LAMBDA;
          }
          returns[i][t] = advantages[i][t] + values[i][t];
        }
      }
      if (variant.whitened()) {
        double[][] ofTokens = new double[advantages.length][];
        for (int i = 0; i < advantages.length; i++) {
          ofTokens[i] = java.util.Arrays.copyOf(advantages[i], old[i].length);
        }
        whiten(ofTokens, false);
        advantages = ofTokens;
      }
      return new double[][][] {advantages, returns};
    }

    private void whiten(double[][] values, boolean keepMean) {
      double n = 0;
      double sum = 0;
      for (double[] row : values) {
        for (double v : row) {
          sum += v;
          n++;
        }
      }
      double mean = sum / n;
      double squares = 0;
      for (double[] row : values) {
        for (double v : row) {
          squares += (v - mean) * (v - mean);
        }
      }
      double deviation =
          Math.sqrt(squares / (variant.variance() == Variance.BESSEL ? n - 1 : n) + 1e-8);
      for (double[] row : values) {
        for (int t = 0; t < row.length; t++) {
          row[t] = (row[t] - mean) / deviation + (keepMean ? mean : 0);
        }
      }
    }

    private double[][] values(Float64Decoder critic, List<Rollout> rollouts) {
      return rollouts.stream()
          .map(r -> critic.scores(r.promptTokens(), r.tokens(), SequenceScores.WEIGHT))
          .toArray(double[][]::new);
    }

    private double policyLoss(List<Rollout> rollouts, double[][] old, double[][] advantages) {
      double sum = 0;
      double tokens = 0;
      for (int i = 0; i < old.length; i++) {
        Rollout r = rollouts.get(i);
        double[] now = policy.logProbs(r.promptTokens(), r.tokens());
        for (int t = 0; t < now.length; t++) {
          double ratio = Math.exp(now[t] - old[i][t]);
          double clipped = Math.max(1 - CLIP, Math.min(1 + CLIP, ratio));
          sum -= Math.min(ratio * advantages[i][t], clipped * advantages[i][t]);
          tokens++;
        }
      }
      return sum / tokens;
    }

    private double valueLoss(
        Float64Decoder critic, List<Rollout> rollouts, double[][] old, double[][] returns) {
      double[][] now = values(critic, rollouts);
      double sum = 0;
      double states = 0;
      for (int i = 0; i < now.length; i++) {
        for (int t = 0; t < returns[i].length; t++) {
          double moved = Math.max(-VALUE_CLIP, Math.min(VALUE_CLIP, now[i][t] - old[i][t]));
          double free = now[i][t] - returns[i][t];
          double clipped = old[i][t] + moved - returns[i][t];
          sum += Math.max(free * free, clipped * clipped) / 2;
          states++;
        }
      }
      return sum / states;
    }

    /** Policy loss and value losses of a step, each a mean over its updates; and λ. */
    double[] step(List<Rollout> rollouts) {
      double[][] old =
          rollouts.stream()
              .map(r -> policy.logProbs(r.promptTokens(), r.tokens()))
              .toArray(double[][]::new);
      List<double[][]> values = critics.stream().map(c -> values(c, rollouts)).toList();
      List<double[][][]> learned = new ArrayList<>();
      learned.add(estimate(rollouts, old, -1, PpoAgainstFloat64Test::reward, values.get(0)));
      double[][] advantages = learned.get(0)[0];
      if (variant.constrained()) {
        learned.add(estimate(rollouts, old, 1, PpoAgainstFloat64Test::cost, values.get(1)));
        rollouts.forEach(r -> costs.add(cost(r)));
        double mean = costs.stream().mapToDouble(c -> c).average().orElseThrow();
        multiplier *= Math.exp(0.1 * multiplier * (mean - BUDGET));
        double[][] ofCosts = learned.get(1)[0];
        double[][] both = new double[advantages.length][];
        for (int i = 0; i < both.length; i++) {
          both[i] = new double[advantages[i].length];
          for (int t = 0; t < both[i].length; t++) {
            both[i][t] = (advantages[i][t] - multiplier * ofCosts[i][t]) / (1 + multiplier);
          }
        }
        advantages = both;
      }
      double[] told = new double[2 + critics.size()];
      double[][] wanted = advantages;
      for (int e = 0; e < EPOCHS; e++) {
        told[0] += policyLoss(rollouts, old, wanted) / EPOCHS;
        descend(policy, 1, () -> policyLoss(rollouts, old, wanted));
        for (int c = 0; c < critics.size(); c++) {
          Float64Decoder critic = critics.get(c);
          double[][] before = values.get(c);
          double[][] returns = learned.get(c)[1];
          told[2 + c] += valueLoss(critic, rollouts, before, returns) / EPOCHS;
          descend(critic, COEFFICIENT, () -> valueLoss(critic, rollouts, before, returns));
        }
      }
      told[1] = multiplier;
      return told;
    }
  }

  private static void descend(
      Float64Decoder model, double factor, java.util.function.DoubleSupplier loss) {
    double h = 1e-5;
    Map<String, double[]> gradients = new LinkedHashMap<>();
    model
        .weights()
        .forEach(
            (name, values) -> {
              double[] gradient = new double[values.length];
              for (int i = 0; i < values.length; i++) {
                double value = values[i];
                values[i] = value + h;
                double above = loss.getAsDouble();
                values[i] = value - h;
                gradient[i] = (above - loss.getAsDouble()) / (2 * h);
                values[i] = value;
              }
              gradients.put(name, gradient);
            });
    gradients.forEach(
        (name, gradient) -> {
          double[] values = model.weights().get(name);
          for (int i = 0; i < values.length; i++) {
            values[i] -= factor * RATE * gradient[i];
          }
        });
  }

  private static double distance(Weights a, Float64Decoder b) {
    double sum = 0;
    for (Map.Entry<String, double[]> entry : b.weights().entrySet()) {
      FloatBuffer values = a.get(entry.getKey()).data();
      for (int i = 0; i < entry.getValue().length; i++) {
        double gap = values.get(i) - entry.getValue()[i];
        sum += gap * gap;
      }
    }
    return Math.sqrt(sum);
  }

  private PolicyMethod method(Variant v) {
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
                GAMMA,
                LAMBDA,
                v.whitened() ? Whitening.FULL : Whitening.NONE,
                v.rewardsWhitened() ? Whitening.KEEP_MEAN : Whitening.NONE,
                v.variance()))
        .withLoss(org.alignment4j.rlhf.policy.PolicyLoss.ppo(CLIP, CLIP))
        .withKl(KlController.fixed(BETA))
        .withTokenRewards(form)
        .withGroups(
            ppo.groups()
                .withSize(2)
                .withTruncated(v.bootstrapped() ? Truncated.BOOTSTRAPPED : Truncated.FINISHED))
        .withUpdates(PolicyUpdates.of(EPOCHS, 1));
  }

  private void compare(Variant variant) {
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
            return answers.stream().map(a -> OptionalDouble.of(reward(a))).toList();
          }
        };
    try (DecoderModel base = TestModels.of(config, weights);
        SequenceClassifier ofRewards = head(base, 3);
        SequenceClassifier ofCosts = head(base, 4)) {
      Critic critic =
          Critic.standard()
              .loss(new ClippedValueLoss(VALUE_CLIP), COEFFICIENT)
              .schedule(LearningRateSchedule.constant(RATE));
      List<Prompt> prompts = List.of(Prompt.tokens(1, 4), Prompt.tokens(7), Prompt.tokens(3, 3, 9));
      PolicyTrainer trainer =
          PolicyTrainer.of(base, method(variant))
              .reward(recording)
              .critic(critic.from(ofRewards))
              .rollouts(RolloutOptions.of(LENGTH))
              .epochs(2)
              .optimizer(SgdConfig.defaults())
              .schedule(LearningRateSchedule.constant(RATE));
      trainer = trainer.options(trainer.options().withStability(0, Double.POSITIVE_INFINITY));
      if (variant.constrained()) {
        trainer =
            trainer.constraint(
                new CostConstraint(
                    RewardFunction.each("cost", PpoAgainstFloat64Test::cost),
                    LagrangeMultiplier.standard(BUDGET),
                    critic.from(ofCosts)));
      }
      Naive naive =
          new Naive(
              variant,
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
          nearer(policy.weights(), weights, naive.policy);
          nearer(rewards.weights(), ofRewards.weights(), naive.critics.get(0));
        }
        if (variant.constrained()) {
          try (SequenceClassifier costs = training.costCritic().orElseThrow()) {
            nearer(costs.weights(), ofCosts.weights(), naive.critics.get(1));
          }
        }
      }
    }
  }

  private static SequenceClassifier head(DecoderModel base, long seed) {
    return SequenceClassifier.of(
        base, InitialWeights.matrix(SequenceScores.WEIGHT, 1, HIDDEN, 0.5, seed));
  }

  private static void near(Metrics metrics, String name, double expected) {
    assertThat(metrics.values().get(name)).as(name).isCloseTo(expected, within(5e-5));
  }

  /** What was trained is where float64 ends, up to a small part of the way there. */
  private static void nearer(Weights trained, Weights start, Float64Decoder expected) {
    double way = distance(start, expected);
    assertThat(way).isGreaterThan(1e-2);
    assertThat(distance(trained, expected)).isLessThan(2e-3 * way);
  }

  @Test
  void scoresOnTheLastToken() {
    compare(new Variant(KlEstimator.K1, false, false, true, false, Variance.BESSEL, false));
  }

  @Test
  void scoresBehindTheEndAndTruncatedOnesBootstrapped() {
    compare(new Variant(KlEstimator.K3, true, true, true, true, Variance.BIASED, false));
  }

  @Test
  void costsUnderAMultiplier() {
    compare(new Variant(KlEstimator.K1, false, false, false, false, Variance.BESSEL, true));
  }

  @Test
  void costsWhitenedAndBootstrapped() {
    compare(new Variant(KlEstimator.K2, true, true, true, false, Variance.BESSEL, true));
  }
}
