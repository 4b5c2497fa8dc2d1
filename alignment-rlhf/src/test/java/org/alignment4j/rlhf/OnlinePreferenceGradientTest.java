package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.train.LearningRateSchedule;
import org.alignment4j.runtime.train.SgdConfig;
import org.junit.jupiter.api.Test;

/** An update over pairs of the policy against float64. */
class OnlinePreferenceGradientTest extends WantedTokens {

  /**
   * One step of gradient descent, told from float64 log-probabilities at the sampler's temperature
   * by central differences along a line through the weights.
   */
  @Test
  void anUpdateIsTheGradientOfTheLossOfThePairs() {
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
            return answers.stream().map(a -> OptionalDouble.of(number(a))).toList();
          }
        };
    double temperature = 0.7;
    double rate = 0.25;
    FineTuningResult result =
        OnlinePreferenceTrainer.of(base, PreferenceLoss.dpo(0.5))
            .reward(recording)
            .samples(3)
            .rollouts(new RolloutOptions(LENGTH, temperature))
            .batchSize(4)
            .optimizer(SgdConfig.defaults())
            .schedule(LearningRateSchedule.constant(rate))
            .train(prompts(4));
    double clip = Math.max(1, result.metrics().get(0).values().get("grad_norm"));
    Map<String, double[]> moved = new HashMap<>();
    double squares = 0;
    for (WeightTensor tensor : result.model().weights().tensors()) {
      double[] difference = new double[tensor.size()];
      for (int i = 0; i < difference.length; i++) {
        difference[i] =
            (double) tensor.data().get(i) - base.weights().get(tensor.name()).data().get(i);
        squares += difference[i] * difference[i];
      }
      moved.put(tensor.name(), difference);
    }
    result.model().close();
    double h = 1e-3 / Math.sqrt(squares);
    double slope =
        (loss(moved, h, seen, temperature) - loss(moved, -h, seen, temperature)) / (2 * h);
    // Along its own step a gradient falls by the square of the step over the rate.
    assertThat(slope).isCloseTo(-squares / rate * clip, within(2e-3 * squares / rate * clip));
    assertThat(squares).isGreaterThan(1e-6);
  }

  /** The mean DPO loss of best against worst of each group of three. */
  private double loss(
      Map<String, double[]> direction, double h, List<Rollout> rollouts, double temperature) {
    Float64Decoder first = new Float64Decoder("llama", VOCAB, 16, 2, base.weights());
    Float64Decoder now = new Float64Decoder("llama", VOCAB, 16, 2, base.weights());
    direction.forEach(
        (name, d) -> {
          double[] values = now.weights().get(name);
          for (int i = 0; i < values.length; i++) {
            values[i] += h * d[i];
          }
        });
    double sum = 0;
    int pairs = 0;
    for (int group = 0; group < rollouts.size(); group += 3) {
      List<Rollout> own = rollouts.subList(group, group + 3);
      Rollout best = own.get(0);
      Rollout worst = own.get(0);
      for (Rollout r : own) {
        best = number(r) > number(best) ? r : best;
        worst = number(r) < number(worst) ? r : worst;
      }
      if (number(best) == number(worst)) {
        continue;
      }
      pairs++;
      double logit = ratio(now, first, best, temperature) - ratio(now, first, worst, temperature);
      sum += Math.log1p(Math.exp(-0.5 * logit));
    }
    return sum / pairs;
  }

  private static double ratio(
      Float64Decoder now, Float64Decoder first, Rollout rollout, double temperature) {
    return tempered(now, rollout, temperature) - tempered(first, rollout, temperature);
  }

  private static double tempered(Float64Decoder decoder, Rollout rollout, double temperature) {
    double sum = 0;
    for (int t = 0; t < rollout.tokens().size(); t++) {
      var context = rollout.promptTokens().concat(rollout.tokens().slice(0, t));
      double total = 0;
      double own = 0;
      for (int w = 0; w < VOCAB; w++) {
        double scaled = decoder.logProb(context, TokenIds.of(w)) / temperature;
        total += Math.exp(scaled);
        own = w == rollout.tokens().get(t) ? scaled : own;
      }
      sum += own - Math.log(total);
    }
    return sum;
  }
}
