package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.LogProbs;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.rlhf.advantage.TokenWeights;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.train.LearningRateSchedule;
import org.alignment4j.runtime.train.SgdConfig;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An update of a policy against central differences of the public scoring call. */
class PolicyGradientTest extends WantedTokens {

  private static final int PROMPTS = 3;
  private static final int GROUP = 8;

  /** How tokens are added up. */
  private enum Mean {
    OF_SEQUENCES(TokenWeights.sequenceMean()),
    OF_TOKENS(TokenWeights.tokenMean()),
    OF_PROMPTS(TokenWeights.promptMean());

    private final TokenWeights weights;

    Mean(TokenWeights weights) {
      this.weights = weights;
    }

    double of(Rollout rollout, List<Rollout> group, List<Rollout> all) {
      return switch (this) {
        case OF_SEQUENCES -> 1.0 / all.size() / rollout.tokens().size();
        case OF_TOKENS -> 1.0 / tokens(all);
        case OF_PROMPTS -> 1.0 / (all.size() / group.size()) / tokens(group);
      };
    }

    static int tokens(List<Rollout> rollouts) {
      return rollouts.stream().mapToInt(r -> r.tokens().size()).sum();
    }
  }

  /**
   * One step of gradient descent changes the weights by the gradient of the advantages' mean over
   * the tokens' probabilities, told here from the public scoring call by central differences.
   */
  @ParameterizedTest
  @EnumSource
  void anUpdateIsTheGradientOfTheAdvantages(Mean form) {
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
            return answers.stream().map(a -> OptionalDouble.of(wanted(a))).toList();
          }
        };
    PolicyMethod method = PolicyMethod.grpo().withWeights(form.weights).withGroupSize(GROUP);
    double rate = 0.5;
    try (PolicyTraining training =
        PolicyTrainer.of(base, method)
            .reward(recording)
            .rollouts(RolloutOptions.of(LENGTH))
            .batchSize(PROMPTS)
            .optimizer(SgdConfig.defaults())
            .schedule(LearningRateSchedule.constant(rate))
            .begin(prompts(PROMPTS))) {
      double clipped = Math.max(1, training.step().values().get("grad_norm"));
      try (DecoderModel after = training.model()) {
        Map<String, float[]> direction = direction();
        double moved = 0;
        for (String name : direction.keySet()) {
          float[] from = floats(base, name);
          float[] to = floats(after, name);
          for (int i = 0; i < from.length; i++) {
            moved += ((double) to[i] - from[i]) * direction.get(name)[i];
          }
        }
        double h = 1e-3;
        double slope = slope(direction, h, seen, form);
        double tolerance = 2e-3 * Math.max(1, Math.abs(slope));
        assertThat(Math.abs(slope)).isGreaterThan(1e-2);
        assertThat(moved / rate * clipped).isCloseTo(slope, within(tolerance));
        for (Mean other : Mean.values()) {
          if (other != form) {
            assertThat(slope(direction, h, seen, other)).isNotCloseTo(slope, within(5 * tolerance));
          }
        }
      }
    }
  }

  private Map<String, float[]> direction() {
    Random random = new Random(5);
    Map<String, float[]> direction = new HashMap<>();
    for (String name : base.weights().names()) {
      float[] values = new float[floats(base, name).length];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      direction.put(name, values);
    }
    return direction;
  }

  private static float[] floats(DecoderModel model, String name) {
    var data = model.weights().get(name).data().duplicate();
    float[] values = new float[data.remaining()];
    data.get(values);
    return values;
  }

  /** Richardson's extrapolation, exact to the fourth order. */
  private double slope(
      Map<String, float[]> direction, double h, List<Rollout> rollouts, Mean form) {
    return (4 * central(direction, h / 2, rollouts, form) - central(direction, h, rollouts, form))
        / 3;
  }

  private double central(
      Map<String, float[]> direction, double h, List<Rollout> rollouts, Mean form) {
    return (objective(direction, h, rollouts, form) - objective(direction, -h, rollouts, form))
        / (2 * h);
  }

  /** The mean of advantage times probability ratio, along a line through the weights. */
  private double objective(
      Map<String, float[]> direction, double h, List<Rollout> rollouts, Mean form) {
    List<WeightTensor> moved = new ArrayList<>();
    direction.forEach(
        (name, d) -> {
          float[] values = floats(base, name);
          for (int i = 0; i < values.length; i++) {
            values[i] += (float) (h * d[i]);
          }
          moved.add(WeightTensor.of(name, base.weights().get(name).shape(), values));
        });
    try (DecoderModel other = base.withWeights(base.weights().with(moved))) {
      double sum = 0;
      for (int i = 0; i < rollouts.size(); i++) {
        Rollout rollout = rollouts.get(i);
        List<Rollout> group = rollouts.subList(i / GROUP * GROUP, i / GROUP * GROUP + GROUP);
        double mean = group.stream().mapToDouble(WantedTokens::wanted).average().orElseThrow();
        double deviation =
            Math.sqrt(
                group.stream().mapToDouble(r -> Math.pow(wanted(r) - mean, 2)).sum()
                    / (group.size() - 1));
        double advantage = (wanted(rollout) - mean) / (deviation + 1e-4);
        LogProbs now = score(other, rollout);
        LogProbs then = score(base, rollout);
        for (int t = 0; t < now.size(); t++) {
          sum +=
              form.of(rollout, group, rollouts)
                  * advantage
                  * Math.exp(now.toArray()[t] - then.toArray()[t]);
        }
      }
      return sum;
    }
  }

  private static LogProbs score(DecoderModel model, Rollout rollout) {
    return model
        .logProbabilities(
            List.of(Continuation.of(Prompt.tokens(rollout.promptTokens()), rollout.tokens())))
        .get(0)
        .logProbs();
  }
}
