package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Stream;
import org.alignment4j.api.Cancellation;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.RunFolderException;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.training.TrainingContext;
import org.alignment4j.rlhf.advantage.EntropyController;
import org.alignment4j.rlhf.advantage.GroupFilter;
import org.alignment4j.rlhf.advantage.KlController;
import org.alignment4j.rlhf.advantage.LagrangeMultiplier;
import org.alignment4j.rlhf.advantage.RewardClip;
import org.alignment4j.rlhf.advantage.Variance;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.train.Lora;
import org.alignment4j.runtime.train.Metrics;
import org.alignment4j.runtime.train.TrainingCheckpoint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs that were stopped end in the bits of runs that were not, with all they carry along. */
class ResumedPolicyTest {

  private static final int VOCAB = 12;
  private static final int LENGTH = 4;

  @TempDir Path folder;

  private DecoderModel base;

  @BeforeEach
  void open() {
    ConfigJson config = TestModels.config("llama", VOCAB, 16, 1, 32);
    base = TestModels.of(config, TestModels.weights(config, 0.4));
  }

  @AfterEach
  void close() {
    base.close();
  }

  private static double wanted(Rollout rollout) {
    return rollout.tokens().stream().filter(t -> t == 5).count();
  }

  private static List<Prompt> prompts() {
    Random random = new Random(3);
    List<Prompt> prompts = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      prompts.add(Prompt.tokens(random.ints(2 + i % 3, 0, VOCAB).toArray()));
    }
    return prompts;
  }

  /** A kind of run. */
  private record Kind(String name, Function<DecoderModel, PolicyTrainer> trainer) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Kind> kinds() {
    Critic critic = Critic.standard().learningRate(1e-2);
    PolicyMethod adaptive = PolicyMethod.ppo().withKl(KlController.adaptive()).withUpdates(2, 2);
    return Stream.of(
        new Kind(
            "critic, adaptive penalty and running moments",
            base ->
                PolicyTrainer.of(base, adaptive)
                    .critic(critic)
                    .normalise(new RewardNormaliser(Variance.BESSEL, new RewardClip(3)))),
        new Kind(
            "two critics with adapters and a multiplier",
            base ->
                PolicyTrainer.of(base, PolicyVariants.ppoLagrangian().withUpdates(2, 1))
                    .adapter(Lora.rank(2))
                    .critic(critic.adapter(Lora.rank(2)))
                    .constraint(
                        new CostConstraint(
                            RewardFunction.each("cost", r -> r.tokens().get(0)),
                            LagrangeMultiplier.standard(4),
                            critic.adapter(Lora.rank(3))))),
        new Kind(
            "an adaptive bonus for entropy and the tokens of highest entropy",
            base ->
                PolicyTrainer.of(base, PolicyMethod.grpo().withUpdates(2, 1))
                    .adapter(Lora.rank(2))
                    .entropy(EntropyUse.bonus(EntropyController.adaptive(2.4)).withTokens(0.5))),
        new Kind(
            "groups sampled again",
            base ->
                PolicyTrainer.of(
                    base,
                    PolicyMethod.grpo()
                        .withGroups(GroupSampling.of(2).withFilter(GroupFilter.exact(), 3)))));
  }

  private PolicyTrainer trainer(Kind kind, RewardFunction reward) {
    return kind.trainer()
        .apply(base)
        .reward(reward)
        .rollouts(RolloutOptions.of(LENGTH))
        .batchSize(4)
        .learningRate(2e-2)
        .epochs(4)
        .checkpointEvery(3);
  }

  private static RewardFunction reward() {
    return RewardFunction.each("wanted", ResumedPolicyTest::wanted);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void afterAFailure(Kind kind) {
    FineTuningResult expected = trainer(kind, reward()).train(prompts());
    AtomicBoolean fails = new AtomicBoolean();
    RewardFunction failing =
        RewardFunction.each(
            "wanted",
            rollout -> {
              if (fails.get()) {
                throw new IllegalStateException("the reward failed");
              }
              return wanted(rollout);
            });
    assertThatThrownBy(
            () ->
                trainer(kind, failing)
                    .runFolder(folder)
                    .onMetrics(m -> fails.set(m.step() == 5))
                    .train(prompts()))
        .hasMessageContainingAll("reward 'wanted'", "step 6", "the reward failed");
    assertThat(folder.resolve("checkpoint-3")).exists();
    same(trainer(kind, reward()).runFolder(folder).train(prompts()), expected);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void afterCancellationInTheMiddleOfAStep(Kind kind) {
    FineTuningResult expected = trainer(kind, reward()).train(prompts());
    Cancellation cancellation = new Cancellation();
    List<Rollout> scored = new ArrayList<>();
    RewardFunction stopping =
        RewardFunction.each(
            "wanted",
            rollout -> {
              scored.add(rollout);
              if (scored.size() == 30) {
                cancellation.cancel();
              }
              return wanted(rollout);
            });
    assertThatThrownBy(
            () ->
                trainer(kind, stopping)
                    .runFolder(folder)
                    .cancellation(cancellation)
                    .train(prompts()))
        .isInstanceOf(CancelledException.class)
        .hasMessageContaining("to continue");
    same(trainer(kind, reward()).runFolder(folder).train(prompts()), expected);
  }

  private static void same(FineTuningResult resumed, FineTuningResult expected) {
    assertThat(resumed.metrics()).isEqualTo(expected.metrics());
    assertThat(resumed.model().id()).isEqualTo(expected.model().id());
    resumed.model().close();
    expected.model().close();
  }

  /** A loop of one's own goes on from the networks that a checkpoint kept. */
  @Test
  void criticsAreTakenUpToo() {
    Kind kind = kinds().toList().get(1);
    List<String> whole = critics(trainer(kind, reward()), null);
    assertThatThrownBy(
            () ->
                trainer(kind, reward())
                    .runFolder(folder)
                    .onMetrics(
                        m -> {
                          if (m.step() == 4) {
                            throw new IllegalStateException("died");
                          }
                        })
                    .train(prompts()))
        .hasMessage("died");
    assertThat(critics(trainer(kind, reward()), folder)).isEqualTo(whole);
  }

  /** Hashes of policy and critics after the last step. */
  private static List<String> critics(PolicyTrainer trainer, Path resumed) {
    try (PolicyTraining training = trainer.begin(prompts())) {
      if (resumed != null) {
        try (var run =
            org.alignment4j.runtime.train.RunFolder.open(resumed, configuration(resumed), 2)) {
          TrainingCheckpoint last = run.resumed().orElseThrow();
          new SteppedPolicy(training).resume(last, last.values());
          assertThat(training.done()).isEqualTo(3);
        }
      }
      while (training.hasNext()) {
        training.step();
      }
      try (var policy = training.model();
          var critic = training.critic().orElseThrow();
          var costs = training.costCritic().orElseThrow()) {
        return List.of(policy.id(), critic.id(), costs.id());
      }
    }
  }

  private static Map<String, String> configuration(Path folder) {
    try {
      var json =
          new com.fasterxml.jackson.databind.ObjectMapper()
              .readTree(folder.resolve("run.json").toFile());
      Map<String, String> values = new java.util.TreeMap<>();
      json.get("configuration")
          .fields()
          .forEachRemaining(e -> values.put(e.getKey(), e.getValue().asText()));
      return values;
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void anotherCriticIsAnotherRun() {
    Kind kind = kinds().toList().get(0);
    trainer(kind, reward()).epochs(1).runFolder(folder).train(prompts()).model().close();
    assertThatThrownBy(
            () ->
                trainer(kind, reward())
                    .epochs(1)
                    .critic(Critic.safeRlhf())
                    .runFolder(folder)
                    .train(prompts()))
        .isInstanceOf(RunFolderException.class)
        .hasMessageContaining("critic");
  }

  @Test
  void theLearnerTakesSeedAndFolder() {
    LanguageModel model =
        PolicyTrainer.learner(
                PolicyMethod.ppo(),
                t ->
                    t.reward(reward())
                        .rollouts(RolloutOptions.of(LENGTH))
                        .batchSize(4)
                        .learningRate(1e-3))
            .train(base, prompts(), TrainingContext.of(5).withRunFolder(folder));
    try (DecoderModel trained = (DecoderModel) model;
        DecoderModel same =
            PolicyTrainer.of(base, PolicyMethod.ppo())
                .reward(reward())
                .rollouts(RolloutOptions.of(LENGTH))
                .batchSize(4)
                .learningRate(1e-3)
                .seed(5)
                .train(prompts())
                .model()) {
      assertThat(trained.id()).isEqualTo(same.id());
      List<Metrics> kept = org.alignment4j.runtime.train.RunFolder.readMetrics(folder);
      assertThat(kept).hasSize(2);
    }
  }
}
