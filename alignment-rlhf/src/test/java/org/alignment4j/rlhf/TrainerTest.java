package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.RunFolderException;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.api.training.Learner;
import org.alignment4j.api.training.TrainingContext;
import org.alignment4j.rlhf.data.SequenceLimits;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.Lora;
import org.alignment4j.runtime.train.Metrics;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training of a real small model, from text to a new model. */
class TrainerTest {

  private static DecoderModel base;

  @BeforeAll
  static void load() {
    base = DecoderModel.load(SharedFiles.require("models/stories260K"));
  }

  @AfterAll
  static void close() {
    if (base != null) {
      base.close();
    }
  }

  private static List<PreferencePair> pairs() {
    String[] names = {"Tim", "Lily", "Ben", "Sue", "Tom", "Mia"};
    List<PreferencePair> pairs = new ArrayList<>();
    for (String name : names) {
      pairs.add(
          new PreferencePair(
              Prompt.text("One day " + name + " saw"),
              " a big red ball.",
              " nothing and went home."));
    }
    return pairs;
  }

  private static List<PromptCompletion> answers() {
    return pairs().stream().map(PreferencePair::chosenCompletion).toList();
  }

  private static PreferenceTrainer preferences() {
    return PreferenceTrainer.of(base, PreferenceLoss.dpo(0.1))
        .learningRate(1e-3)
        .batchSize(3)
        .epochs(4)
        .seed(3);
  }

  private static double value(Metrics metrics, String name) {
    return metrics.values().get(name);
  }

  @Test
  void preferenceTrainingStartsAtLogTwoAndRaisesTheMargin() {
    String before = base.id();
    FineTuningResult result = preferences().train(pairs());
    try (DecoderModel model = result.model()) {
      List<Metrics> metrics = result.metrics();
      assertThat(metrics).hasSize(8);
      Metrics first = metrics.get(0);
      assertThat(value(first, "loss")).isCloseTo(Math.log(2), within(1e-5));
      assertThat(value(first, "rewards/margins")).isCloseTo(0, within(1e-4));
      Metrics last = metrics.get(7);
      assertThat(value(last, "loss")).isLessThan(0.6);
      assertThat(value(last, "rewards/accuracies")).isEqualTo(1);
      assertThat(value(last, "rewards/margins"))
          .isCloseTo(value(last, "rewards/chosen") - value(last, "rewards/rejected"), within(1e-4));
      assertThat(value(last, "logps/chosen")).isLessThan(0);
      assertThat(base.id()).isEqualTo(before);
      assertThat(model.id()).isNotEqualTo(before);

      PreferenceEvaluation evaluation =
          PreferenceEvaluation.of(
              model, base, pairs(), PreferenceLoss.dpo(0.1), SequenceLimits.of(128));
      assertThat(evaluation.accuracy().value()).isEqualTo(1);
      assertThat(evaluation.accuracy().ciLow()).isBetween(0.5, 0.7);
      assertThat(evaluation.longerBaseline().value()).isZero();
      assertThat(evaluation.margin().value()).isGreaterThan(0.1);
      assertThat(evaluation.loss()).isLessThan(Math.log(2));
    }
    PreferenceEvaluation equal =
        PreferenceEvaluation.of(
            base, base, pairs(), PreferenceLoss.dpo(0.1), SequenceLimits.of(128));
    assertThat(equal.accuracy().unscored()).isEqualTo(6);
    assertThat(equal.loss()).isCloseTo(Math.log(2), within(1e-12));
  }

  @Test
  void adaptersLearnPreferencesAndLeaveTheWeights() {
    FineTuningResult result =
        preferences().adapter(Lora.rank(4)).learningRate(5e-3).epochs(6).train(pairs());
    try (DecoderModel model = result.model()) {
      List<Metrics> metrics = result.metrics();
      assertThat(value(metrics.get(0), "loss")).isCloseTo(Math.log(2), within(1e-5));
      assertThat(value(metrics.get(metrics.size() - 1), "rewards/margins")).isGreaterThan(0.1);
      assertThat(model.adapter()).isNotNull();
      assertThat(model.weights().contentHash()).isEqualTo(base.weights().contentHash());

      FineTuningResult again =
          PreferenceTrainer.of(model, PreferenceLoss.dpo(0.1)).epochs(1).train(pairs());
      try (DecoderModel second = again.model()) {
        assertThat(value(again.metrics().get(0), "loss"))
            .as("the reference is the model training starts from, adapter included")
            .isCloseTo(Math.log(2), within(1e-4));
        assertThat(second.adapter()).isNull();
      }
    }
  }

  @Test
  void supervisedTrainingOverfitsAFewAnswers() {
    FineTuningResult result =
        SftTrainer.of(base).learningRate(5e-3).epochs(25).batchSize(6).train(answers());
    try (DecoderModel model = result.model()) {
      List<Metrics> metrics = result.metrics();
      assertThat(value(metrics.get(0), "loss")).isGreaterThan(1);
      assertThat(value(metrics.get(24), "loss")).isLessThan(0.2);
    }
  }

  @Test
  void aCancelledRunResumesToTheSameBits(@TempDir Path folder) {
    Path cut = folder.resolve("cut");
    PreferenceTrainer trainer = preferences().checkpointEvery(2);
    AtomicInteger looks = new AtomicInteger();
    assertThatThrownBy(
            () ->
                trainer
                    .runFolder(cut)
                    .cancellation(() -> looks.incrementAndGet() > 6)
                    .train(pairs()))
        .isInstanceOf(CancelledException.class);
    assertThat(cut.resolve(ReferenceCache.FILE)).exists();
    assertThat(cut.resolve("metrics.jsonl")).isNotEmptyFile();
    try (DecoderModel resumed = trainer.runFolder(cut).train(pairs()).model();
        DecoderModel whole = trainer.train(pairs()).model()) {
      assertThat(resumed.weights().contentHash()).isEqualTo(whole.weights().contentHash());
    }
    assertThatThrownBy(() -> trainer.runFolder(cut).seed(4).train(pairs()))
        .isInstanceOf(RunFolderException.class)
        .hasMessageContaining("data.seed");
    assertThatThrownBy(
            () ->
                PreferenceTrainer.of(base, PreferenceLoss.hinge(0.1))
                    .options(trainer.options())
                    .runFolder(cut)
                    .train(pairs()))
        .isInstanceOf(RunFolderException.class)
        .hasMessageContaining("objective");
  }

  @Test
  void cachedReferencesAreReadAndNewerFilesRefused(@TempDir Path folder) throws Exception {
    preferences().epochs(1).runFolder(folder).train(pairs()).model().close();
    Path file = folder.resolve(ReferenceCache.FILE);
    String text = Files.readString(file);
    assertThat(text).contains("\"format\":\"alignment4j-reference-logprobs\"");
    Files.writeString(file, text.replace("\"version\":1", "\"version\":2"));
    assertThatThrownBy(() -> preferences().epochs(1).runFolder(folder).train(pairs()))
        .isInstanceOf(RunFolderException.class)
        .hasMessageContaining("version 2");
  }

  private static final class RemoteModel implements LanguageModel {
    @Override
    public String id() {
      return "remote";
    }

    @Override
    public List<Completion> generate(
        List<? extends Prompt> prompts, SamplingOptions options, CancellationToken cancellation) {
      return List.of();
    }
  }

  @Test
  void learnersTrainDecoderModelsOnly() {
    Learner<PreferencePair> learner =
        PreferenceTrainer.learner(PreferenceLoss.dpo(0.1), t -> t.learningRate(1e-3).batchSize(6));
    try (DecoderModel model = (DecoderModel) learner.train(base, pairs(), TrainingContext.of(1))) {
      assertThat(model.id()).isNotEqualTo(base.id());
    }
    Learner<PromptCompletion> supervised = SftTrainer.learner(t -> t.batchSize(6));
    LanguageModel other = new RemoteModel();
    assertThatThrownBy(() -> supervised.train(other, answers(), TrainingContext.of(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must be a DecoderModel");
  }

  @Test
  void limitsBeyondTheContextAreRefused() {
    assertThatThrownBy(() -> preferences().limits(SequenceLimits.of(1024)).train(pairs()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("maxLength must be at most the model's context, 512 tokens, but was 1024");
    assertThatThrownBy(() -> preferences().epochs(0))
        .hasMessageContaining("epochs must be positive");
  }
}
