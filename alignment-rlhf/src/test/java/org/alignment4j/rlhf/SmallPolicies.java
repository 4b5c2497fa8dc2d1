package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Stream;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.rlhf.advantage.GroupRelativeEstimator;
import org.alignment4j.rlhf.advantage.LagrangeMultiplier;
import org.alignment4j.rlhf.advantage.LeaveOneOutEstimator;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.train.Metrics;

/** Policies of a few numbers, for tests of what they do with bad input. */
final class SmallPolicies {

  static final int VOCAB = 12;
  static final int CONTEXT = 32;
  static final int END = 2;
  static final int LENGTH = 4;

  private SmallPolicies() {}

  static DecoderModel model() {
    ConfigJson config = TestModels.config("llama", VOCAB, 16, 1, CONTEXT).with("eos_token_id", END);
    return TestModels.of(config, TestModels.weights(config, 0.4));
  }

  static List<Prompt> prompts(int count) {
    List<Prompt> prompts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      prompts.add(Prompt.tokens(i % VOCAB, (3 * i + 1) % VOCAB));
    }
    return prompts;
  }

  /**
   * Every method, those of groups with groups, but pass@k and GDPO, which take rewards of another
   * kind.
   */
  static Stream<PolicyMethod> methods() {
    return Stream.of(
        PolicyMethod.ppo(),
        PolicyVariants.ppoLagrangian(),
        PolicyMethod.grpo(),
        PolicyMethod.drGrpo(LENGTH),
        PolicyMethod.dapo(),
        PolicyMethod.gspo(),
        PolicyMethod.cispo(),
        PolicyVariants.sapo(),
        PolicyVariants.vespo(),
        PolicyVariants.luspo(),
        PolicyMethod.rloo(),
        PolicyMethod.rloo()
            .withName("rloo, standardised")
            .withEstimator(new LeaveOneOutEstimator(true, 1e-4)),
        PolicyMethod.grpo()
            .withName("grpo, over the step")
            .withEstimator(new GroupRelativeEstimator(GroupRelativeEstimator.Scale.BATCH, 1e-4)),
        PolicyMethod.reinforcePlusPlus(),
        PolicyVariants.reinforcePlusPlusBaseline(),
        PolicyVariants.reMax(),
        PolicyVariants.opo(),
        PolicyVariants.gmpo(),
        PolicyVariants.gpg(),
        PolicyVariants.bestOfGroup());
  }

  static PolicyTrainer trainer(DecoderModel base, PolicyMethod method, RewardFunction... rewards) {
    PolicyTrainer trainer =
        PolicyTrainer.of(base, method)
            .rollouts(RolloutOptions.of(LENGTH))
            .divergenceEvery(1)
            .batchSize(3)
            .learningRate(1e-2);
    for (RewardFunction reward : rewards) {
      trainer = trainer.reward(reward);
    }
    return method.name().equals(PolicyVariants.ppoLagrangian().name())
        ? trainer.constraint(
            RewardFunction.each("cost", r -> r.tokens().get(0)), LagrangeMultiplier.standard(4))
        : trainer;
  }

  static RewardFunction first() {
    return RewardFunction.each("first", r -> r.tokens().get(0));
  }

  /** A reward that has no opinion of any answer. */
  static RewardFunction silent() {
    return of("silent", answers -> answers.stream().map(a -> OptionalDouble.empty()).toList());
  }

  static RewardFunction of(String name, Function<List<Rollout>, List<OptionalDouble>> score) {
    return new RewardFunction() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public List<OptionalDouble> score(List<Rollout> answers, CancellationToken token) {
        return score.apply(answers);
      }
    };
  }

  static Map<String, Double> finite(Metrics metrics) {
    assertThat(metrics.values()).allSatisfy((name, value) -> assertThat(value).as(name).isFinite());
    return metrics.values();
  }

  /** Whether both have the same bits. */
  static void same(DecoderModel model, DecoderModel other) {
    assertThat(model.weights().contentHash()).isEqualTo(other.weights().contentHash());
  }
}
