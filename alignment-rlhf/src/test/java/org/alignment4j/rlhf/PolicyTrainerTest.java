package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.Stream;
import org.alignment4j.api.Cancellation;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.RunFolderException;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.LogProbs;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.rlhf.advantage.KlController;
import org.alignment4j.rlhf.advantage.SoftOverlong;
import org.alignment4j.rlhf.advantage.TokenWeights;
import org.alignment4j.rlhf.policy.KlPenalty;
import org.alignment4j.rlhf.policy.PolicyLoss;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.train.LearningRateSchedule;
import org.alignment4j.runtime.train.Lora;
import org.alignment4j.runtime.train.Metrics;
import org.alignment4j.runtime.train.SgdConfig;
import org.alignment4j.runtime.train.TrainingNoise;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole runs of reinforcement learning on small models whose reward is known. */
class PolicyTrainerTest {

  private static final int VOCAB = 12;
  private static final int WANTED = 5;
  private static final int LENGTH = 6;

  /** The share of one token among those of a completion. */
  private static final RewardFunction REWARD =
      RewardFunction.each("wanted", PolicyTrainerTest::wanted);

  @TempDir Path folder;

  private DecoderModel base;

  private static double wanted(Rollout rollout) {
    return Arrays.stream(rollout.tokens().toArray()).filter(t -> t == WANTED).count()
        / (double) rollout.tokens().size();
  }

  @BeforeEach
  void open() {
    ConfigJson config = TestModels.config("llama", VOCAB, 16, 2, 32);
    base = TestModels.of(config, TestModels.weights(config, 0.4));
  }

  @AfterEach
  void close() {
    base.close();
  }

  private static List<Prompt> prompts(int count) {
    Random random = new Random(3);
    List<Prompt> prompts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      prompts.add(Prompt.tokens(random.ints(2 + i % 3, 0, VOCAB).toArray()));
    }
    return prompts;
  }

  private PolicyTrainer trainer(PolicyMethod method) {
    return PolicyTrainer.of(base, method)
        .reward(REWARD)
        .rollouts(RolloutOptions.of(LENGTH))
        .divergenceEvery(1)
        .batchSize(4)
        .learningRate(2e-2);
  }

  static Stream<PolicyMethod> methods() {
    return Stream.of(
        PolicyMethod.grpo(),
        PolicyMethod.grpo().withLoss(PolicyLoss.grpo(0.01)).withUpdates(2, 2),
        PolicyMethod.drGrpo(LENGTH),
        PolicyMethod.dapo(),
        PolicyMethod.gspo(),
        PolicyMethod.cispo(),
        PolicyMethod.rloo().withKl(KlController.fixed(0)),
        PolicyMethod.reinforcePlusPlus().withGroupSize(4),
        PolicyVariants.sapo(),
        PolicyVariants.vespo(),
        PolicyVariants.luspo(),
        PolicyMethod.grpo().withLoss(PolicyLoss.ppo().withOffPolicyMask(0.05)).withUpdates(2, 2),
        PolicyVariants.reinforcePlusPlusBaseline(),
        PolicyVariants.reMax().withGroupSize(4),
        PolicyVariants.opo());
  }

  @ParameterizedTest
  @MethodSource("methods")
  void everyMethodLearnsWhatIsRewarded(PolicyMethod method) {
    FineTuningResult result = trainer(method).adapter(Lora.rank(4)).epochs(40).train(prompts(8));
    List<Metrics> metrics = result.metrics();
    assertThat(metrics).hasSize(80);
    assertThat(mean(metrics.subList(0, 4), "reward")).isLessThan(0.25);
    assertThat(mean(metrics.subList(76, 80), "reward")).isGreaterThan(0.6);
    assertThat(mean(metrics.subList(76, 80), "kl")).isPositive();
    result.model().close();
  }

  private static double mean(List<Metrics> metrics, String name) {
    return metrics.stream().mapToDouble(m -> m.values().get(name)).average().orElseThrow();
  }

  /** Sampler and trainer share one engine, and before the first update policy and sampler. */
  @ParameterizedTest
  @ValueSource(doubles = {1, 0.7, 1.5})
  void theFirstUpdateIsOfThePolicyThatSampled(double temperature) {
    try (PolicyTraining training =
        trainer(PolicyMethod.grpo())
            .rollouts(new RolloutOptions(LENGTH, temperature))
            .begin(prompts(4))) {
      Map<String, Double> first = training.step().values();
      assertThat(first.get("ratio")).isCloseTo(1, within(1e-6));
      assertThat(first.get("approx_kl")).isCloseTo(0, within(1e-9));
      assertThat(first.get("clip_ratio/region_mean")).isZero();
      assertThat(first.get("kl")).isCloseTo(0, within(1e-5));
      assertThat(first.get("sampling/sampling_logp_difference/max")).isLessThan(1e-4);
      assertThat(first).containsKeys("rewards/wanted/mean", "completions/mean_length");
      assertThat(training.done()).isEqualTo(1);
    }
  }

  /**
   * One step of gradient descent changes the weights by the gradient of the advantages' mean over
   * the tokens' probabilities, told here from the public scoring call by central differences.
   */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anUpdateIsTheGradientOfTheAdvantages(boolean byTokens) {
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
    PolicyMethod grpo = PolicyMethod.grpo();
    PolicyMethod method =
        new PolicyMethod(
            "test",
            grpo.estimator(),
            grpo.loss(),
            byTokens ? TokenWeights.tokenMean() : TokenWeights.sequenceMean(),
            grpo.kl(),
            grpo.tokenRewards(),
            GroupSampling.of(4),
            PolicyUpdates.of(1, 1));
    double rate = 0.5;
    try (PolicyTraining training =
        PolicyTrainer.of(base, method)
            .reward(recording)
            .rollouts(RolloutOptions.of(LENGTH))
            .batchSize(3)
            .optimizer(SgdConfig.defaults())
            .schedule(LearningRateSchedule.constant(rate))
            .begin(prompts(3))) {
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
        double h = 4e-3;
        // Richardson's extrapolation, exact to the fourth order.
        double slope =
            (4 * slope(direction, h / 2, seen, byTokens) - slope(direction, h, seen, byTokens)) / 3;
        assertThat(Math.abs(slope)).isGreaterThan(1e-2);
        assertThat(moved / rate * clipped)
            .isCloseTo(slope, within(2e-3 * Math.max(1, Math.abs(slope))));
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

  private double slope(
      Map<String, float[]> direction, double h, List<Rollout> rollouts, boolean byTokens) {
    return (objective(direction, h, rollouts, byTokens)
            - objective(direction, -h, rollouts, byTokens))
        / (2 * h);
  }

  /** The mean of advantage times probability ratio, along a line through the weights. */
  private double objective(
      Map<String, float[]> direction, double h, List<Rollout> rollouts, boolean byTokens) {
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
      double tokens = rollouts.stream().mapToInt(r -> r.tokens().size()).sum();
      for (int i = 0; i < rollouts.size(); i++) {
        Rollout rollout = rollouts.get(i);
        List<Rollout> group = rollouts.subList(i / 4 * 4, i / 4 * 4 + 4);
        double mean = group.stream().mapToDouble(PolicyTrainerTest::wanted).average().orElseThrow();
        double deviation =
            Math.sqrt(
                group.stream().mapToDouble(r -> Math.pow(wanted(r) - mean, 2)).sum()
                    / (group.size() - 1));
        double advantage = (wanted(rollout) - mean) / (deviation + 1e-4);
        LogProbs now = score(other, rollout);
        LogProbs then = score(base, rollout);
        for (int t = 0; t < now.size(); t++) {
          double weight = byTokens ? 1 / tokens : 1.0 / rollouts.size() / now.size();
          sum += weight * advantage * Math.exp(now.toArray()[t] - then.toArray()[t]);
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

  @Test
  void aPenaltyOnDivergenceKeepsThePolicyNear() {
    PolicyMethod method = PolicyMethod.rloo().withKl(KlController.fixed(0));
    List<Metrics> free = run(method).metrics();
    List<Metrics> bound = run(method.withKl(KlController.fixed(0.5))).metrics();
    List<Metrics> inLoss = run(method.withLoss(PolicyLoss.ppo().withKl(KlPenalty.k3(2)))).metrics();
    double last = mean(free.subList(16, 20), "kl");
    assertThat(mean(bound.subList(16, 20), "kl")).isLessThan(0.6 * last);
    assertThat(mean(inLoss.subList(16, 20), "kl")).isLessThan(0.6 * last);
  }

  private FineTuningResult run(PolicyMethod method) {
    FineTuningResult result = trainer(method).epochs(10).learningRate(5e-3).train(prompts(8));
    result.model().close();
    return result;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aStoppedRunEndsInTheSameBits(boolean adapter) {
    PolicyTrainer trainer =
        trainer(PolicyMethod.rloo().withKl(KlController.adaptive()).withUpdates(2, 2))
            .epochs(4)
            .checkpointEvery(3);
    PolicyTrainer whole = adapter ? trainer.adapter(Lora.rank(2)) : trainer;
    FineTuningResult expected = whole.train(prompts(8));
    Cancellation cancellation = new Cancellation();
    RewardFunction stopping =
        RewardFunction.each(
            "wanted",
            rollout -> {
              if (cancellation.isCancelled()) {
                throw new IllegalStateException("a reward was asked for after cancellation");
              }
              return wanted(rollout);
            });
    assertThatThrownBy(
            () ->
                rewarded(whole, stopping)
                    .runFolder(folder)
                    .cancellation(cancellation)
                    .onMetrics(
                        metrics -> {
                          if (metrics.step() == 5) {
                            cancellation.cancel();
                          }
                        })
                    .train(prompts(8)))
        .isInstanceOf(CancelledException.class)
        .hasMessageContainingAll("after step 5", folder.toString());
    assertThatThrownBy(() -> whole.seed(9).runFolder(folder).train(prompts(8)))
        .isInstanceOf(RunFolderException.class);
    FineTuningResult resumed = whole.runFolder(folder).train(prompts(8));

    assertThat(resumed.metrics()).isEqualTo(expected.metrics());
    assertThat(resumed.model().id()).isEqualTo(expected.model().id());
    resumed.model().close();
    expected.model().close();
  }

  /** The reference is the model training starts from, its adapter included. */
  @ParameterizedTest
  @ValueSource(doubles = {1, 0.8})
  void anAdapterIsTrainedFurther(double temperature) {
    PolicyTrainer trainer =
        trainer(PolicyMethod.grpo())
            .adapter(Lora.rank(3))
            .rollouts(new RolloutOptions(LENGTH, temperature));
    FineTuningResult first = trainer.epochs(10).train(prompts(8));
    PolicyTrainer further =
        PolicyTrainer.of(first.model(), PolicyMethod.grpo())
            .reward(REWARD)
            .rollouts(new RolloutOptions(LENGTH, temperature))
            .options(trainer.options());
    FineTuningResult second = further.epochs(1).train(prompts(8));

    assertThat(second.metrics().get(0).values().get("kl")).isCloseTo(0, within(1e-5));
    assertThat(second.model().weights().contentHash()).isEqualTo(base.weights().contentHash());
    assertThat(mean(second.metrics(), "reward"))
        .isGreaterThan(mean(first.metrics().subList(0, 2), "reward"));
    second.model().close();
    first.model().close();
  }

  /** The same settings with another function of the same name. */
  private PolicyTrainer rewarded(PolicyTrainer like, RewardFunction reward) {
    return PolicyTrainer.of(
            base, PolicyMethod.rloo().withKl(KlController.adaptive()).withUpdates(2, 2))
        .reward(reward)
        .rollouts(RolloutOptions.of(LENGTH))
        .options(like.options());
  }

  @Test
  void equalRewardsTeachNothing() {
    PolicyTrainer trainer =
        PolicyTrainer.of(base, PolicyMethod.dapo())
            .reward(RewardFunction.each("one", r -> 1))
            .rollouts(RolloutOptions.of(LENGTH))
            .batchSize(4);
    FineTuningResult result = trainer.train(prompts(4));
    assertThat(result.metrics().get(0).values())
        .containsEntry("frac_reward_zero_std", 1.0)
        .doesNotContainKey("loss");
    assertThat(result.model().id()).isEqualTo(base.id());
    result.model().close();
  }

  @Test
  void completionsWithoutARewardAreNotLearnedFrom() {
    RewardFunction some =
        new RewardFunction() {
          @Override
          public String name() {
            return "some";
          }

          @Override
          public List<OptionalDouble> score(List<Rollout> answers, CancellationToken token) {
            return answers.stream()
                .map(a -> a.sample() == 0 ? OptionalDouble.empty() : OptionalDouble.of(a.sample()))
                .toList();
          }
        };
    try (PolicyTraining training =
        PolicyTrainer.of(base, PolicyMethod.grpo())
            .reward(some)
            .missingEndPenalty(3)
            .overlong(new SoftOverlong(LENGTH, 2))
            .rollouts(RolloutOptions.of(LENGTH))
            .begin(prompts(2))) {
      Map<String, Double> metrics = training.step().values();
      assertThat(metrics.get("rewards/some/mean")).isEqualTo(4);
      assertThat(metrics.get("rewards/missing_end/mean"))
          .isCloseTo(-3 * metrics.get("completions/clipped_ratio"), within(1.5));
      assertThat(metrics).containsKey("rewards/overlong/mean");
    }
  }

  @Test
  void badInputIsRefusedByName() {
    PolicyTrainer trainer = trainer(PolicyMethod.grpo());
    assertThatThrownBy(() -> trainer.train(List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("prompts must hold at least one");
    assertThatThrownBy(() -> PolicyTrainer.of(base, PolicyMethod.grpo()).train(prompts(2)))
        .hasMessageContaining("a policy needs a reward");
    assertThatThrownBy(() -> trainer.reward(REWARD)).hasMessageContaining("two are 'wanted'");
    assertThatThrownBy(
            () -> trainer.train(List.of(Prompt.tokens(1, 2), Prompt.tokens(new int[28]))))
        .hasMessageContainingAll("prompt 1 has 28", "context of 32 tokens");
    assertThatThrownBy(() -> trainer(PolicyMethod.grpo().withGroupSize(1)).train(prompts(2)))
        .hasMessageContaining("groups of at least 2");
    assertThatThrownBy(() -> trainer(PolicyMethod.grpo().withUpdates(1, 5)).train(prompts(8)))
        .hasMessageContaining("miniBatches must be at most the prompts of a step, 4");
    assertThatThrownBy(
            () -> trainer.noise(TrainingNoise.none().adapterDropout(0.5)).train(prompts(2)))
        .hasMessageContaining("adapterDropout");
    RewardFunction broken =
        RewardFunction.each("broken", r -> r.prompt() == 1 && r.sample() == 2 ? Double.NaN : 0);
    assertThatThrownBy(
            () ->
                PolicyTrainer.of(base, PolicyMethod.grpo())
                    .reward(broken)
                    .rollouts(RolloutOptions.of(LENGTH))
                    .train(prompts(2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("reward 'broken'", "step 1", "NaN");
  }
}
