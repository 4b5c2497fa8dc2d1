package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Model;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.reward.Reward;
import org.alignment4j.api.reward.RewardModel;
import org.alignment4j.api.training.Learner;
import org.alignment4j.api.training.RewardLearner;
import org.alignment4j.api.training.TrainingContext;
import org.alignment4j.rlhf.feedback.IlfPipeline;
import org.alignment4j.rlhf.feedback.IlfTrainer;
import org.alignment4j.rlhf.feedback.RefinementScorer;
import org.alignment4j.rlhf.feedback.Scripted;
import org.alignment4j.rlhf.feedback.TersePrompts;
import org.alignment4j.rlhf.loss.PairGate;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.alignment4j.rlhf.loss.RankingLoss;
import org.alignment4j.rlhf.loss.UnpairedLoss;
import org.alignment4j.rlhf.reward.StepAggregation;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.RunFolder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every trainer as what an oversight protocol trains through. */
class LearnersTest {

  private static final long SEED = 5;

  @TempDir static Path files;

  private static DecoderModel base;

  @BeforeAll
  static void open() {
    base = Trainings.model(files);
  }

  @AfterAll
  static void close() {
    base.close();
  }

  /** A learner with examples, and the training that must give the same. */
  private record Taught(String training, Teaching teaching) {
    @Override
    public String toString() {
      return training;
    }
  }

  private interface Teaching {
    Model train(LanguageModel model, TrainingContext context);
  }

  private static <E> Taught language(String name, Learner<E> learner, List<E> examples) {
    return new Taught(name, (model, context) -> learner.train(model, examples, context));
  }

  private static <E> Taught rewards(String name, RewardLearner<E> learner, List<E> examples) {
    return new Taught(name, (model, context) -> learner.train(model, examples, context));
  }

  static Stream<Taught> learners() {
    PreferenceLoss dpo = PreferenceLoss.dpo(0.1);
    return Stream.of(
        language("sft", SftTrainer.learner(Trainings::shared), Trainings.answers()),
        language("dpo", PreferenceTrainer.learner(dpo, Trainings::shared), Trainings.pairs()),
        language(
            "kto",
            UnpairedTrainer.learner(UnpairedLoss.kto(0.1), Trainings::shared),
            Trainings.labels()),
        language(
            "rrhf",
            RankingTrainer.learner(RankingLoss.rrhf(), Trainings::shared),
            Trainings.rankings()),
        language("cringe", CringeTrainer.learner(Trainings::shared), Trainings.labels()),
        language(
            "pairwise cringe",
            CringeTrainer.learner(PairGate.of(0, 1), Trainings::shared),
            Trainings.pairs()),
        language("hindsight", HindsightTrainer.learner(Trainings::shared), Trainings.pairs()),
        language("a-lol", AlolTrainer.learner(Trainings::shared), OfflineTrainings.rated()),
        language(
            "online dpo by a judge",
            OnlinePreferenceTrainer.learner(
                dpo,
                t ->
                    Trainings.shared(t)
                        .judge("longer", SamplingTrainings::judge)
                        .rollouts(SamplingTrainings.ROLLOUTS)),
            Trainings.prompts()),
        language(
            "raft",
            RaftTrainer.learner(t -> Trainings.shared(SamplingTrainings.raft(t))),
            Trainings.prompts()),
        language(
            "grpo",
            PolicyTrainer.learner(
                PolicyMethod.grpo().withGroupSize(3),
                t ->
                    Trainings.shared(t)
                        .reward(SamplingTrainings.reward())
                        .rollouts(SamplingTrainings.ROLLOUTS)),
            Trainings.prompts()),
        rewards("rewards", RewardModelTrainer.learner(Trainings::shared), Trainings.pairs()),
        rewards(
            "ranking rewards",
            RankingRewardTrainer.learner(Trainings::shared),
            Trainings.rankings()),
        rewards(
            "costs", CostModelTrainer.learner(Trainings::shared), RewardTrainings.comparisons()),
        rewards("outcomes", OutcomeRewardTrainer.learner(Trainings::shared), Trainings.labels()),
        rewards(
            "steps",
            StepRewardTrainer.learner(StepAggregation.PRODUCT, Trainings::shared),
            RewardTrainings.steps()));
  }

  @ParameterizedTest
  @MethodSource("learners")
  void aLearnerGivesWhatItsTrainerGives(Taught taught, @TempDir Path run) throws Exception {
    TrainingContext context = TrainingContext.of(SEED).withRunFolder(run);
    Model learnt = taught.teaching().train(base, context);
    Training.Outcome same =
        Trainings.named(taught.training()).train(base, options -> options.withSeed(SEED));
    assertThat(learnt.id()).contains(same.id());
    usable(learnt);
    ((AutoCloseable) learnt).close();
    assertThat(RunFolder.readMetrics(run))
        .isNotEmpty()
        .allSatisfy(m -> assertThat(m.values().get("loss")).isFinite());
    assertThatThrownBy(() -> taught.teaching().train(other(), TrainingContext.of(SEED)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("model must be a DecoderModel");
  }

  private static LanguageModel other() {
    return new Scripted((prompt, sample) -> "no weights");
  }

  private static void usable(Model model) {
    if (model instanceof LanguageModel language) {
      assertThat(
              language.generate(
                  Trainings.prompts(), SamplingOptions.greedy(2), CancellationToken.none()))
          .hasSize(4)
          .allSatisfy(c -> assertThat(c.tokens().size()).isPositive());
    } else {
      assertThat(((RewardModel) model).score(Trainings.answers()))
          .hasSize(4)
          .extracting(Reward::value)
          .doesNotHaveDuplicates();
    }
  }

  /** The list above is whole: a trainer without a learner is not overlooked. */
  @Test
  void everyTrainerIsALearner() {
    List<Class<?>> trainers = trainers(TrainerSettings.class).toList();
    assertThat(trainers)
        .contains(PolicyTrainer.class, SftTrainer.class)
        .allSatisfy(
            trainer ->
                assertThat(Arrays.stream(trainer.getMethods()).map(Method::getName))
                    .contains("learner"));
    assertThat(learners().map(Taught::training).distinct())
        .hasSizeGreaterThanOrEqualTo(trainers.size());
  }

  /** The classes at the end of a sealed hierarchy. */
  private static Stream<Class<?>> trainers(Class<?> settings) {
    return settings.isSealed()
        ? Arrays.stream(settings.getPermittedSubclasses()).flatMap(LearnersTest::trainers)
        : Stream.of(settings);
  }

  @Test
  void oneRoundOfFeedbackIsALearner(@TempDir Path run) throws Exception {
    Scripted critic = new Scripted((prompt, sample) -> "Say more.");
    IlfPipeline pipeline =
        IlfPipeline.of(RefinementScorer.cosine("length", t -> new double[] {t.length(), 10}))
            .candidates(2)
            .options(SamplingOptions.sampling(4, 3))
            .prompts(new TersePrompts());
    Learner<org.alignment4j.api.model.Prompt> learner =
        IlfTrainer.learner(pipeline, critic, Trainings::shared);
    List<org.alignment4j.api.model.Prompt> prompts = Trainings.prompts();
    try (DecoderModel kept =
            (DecoderModel)
                learner.train(base, prompts, TrainingContext.of(SEED).withRunFolder(run));
        DecoderModel same = (DecoderModel) learner.train(base, prompts, TrainingContext.of(SEED));
        DecoderModel other =
            (DecoderModel) learner.train(base, prompts, TrainingContext.of(SEED + 1));
        DecoderModel round =
            new IlfTrainer(
                    pipeline, critic, t -> Trainings.shared(t).seed(SEED), run.resolve("other"))
                .train(base, List.of(prompts), CancellationToken.none())
                .model()) {
      assertThat(kept.id()).isEqualTo(same.id()).isEqualTo(round.id());
      assertThat(other.id()).isNotEqualTo(kept.id());
      usable(kept);
    }
    assertThat(RunFolder.readMetrics(run.resolve("sft"))).hasSizeGreaterThan(3);
    assertThatThrownBy(() -> learner.train(other(), prompts, TrainingContext.of(SEED)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("model must be a DecoderModel");
    assertThatThrownBy(() -> learner.train(base, List.of(), TrainingContext.of(SEED)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("prompts must hold at least one");
  }
}
