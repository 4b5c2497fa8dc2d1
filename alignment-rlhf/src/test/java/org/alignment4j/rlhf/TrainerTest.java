package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
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
import org.alignment4j.rlhf.data.PreferenceExample;
import org.alignment4j.rlhf.data.PreferenceExamples;
import org.alignment4j.rlhf.data.RowPlan;
import org.alignment4j.rlhf.data.SequenceLimits;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.Lora;
import org.alignment4j.runtime.train.Metrics;
import org.alignment4j.runtime.train.RunFolder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training of a real small model, from text to a new model. */
class TrainerTest {

  private static DecoderModel base;

  @BeforeAll
  static void load(@TempDir Path folder) {
    base = TestModels.pocket(folder);
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

  /** An adapter the model has is part of where training starts. */
  @Test
  void adaptersAreMergedBeforeTraining() {
    FineTuningOptions still = FineTuningOptions.of(1e-30);
    try (DecoderModel adapted =
            preferences().adapter(Lora.rank(4)).learningRate(5e-3).train(pairs()).model();
        DecoderModel preferred =
            PreferenceTrainer.of(adapted, PreferenceLoss.dpo(0.1))
                .options(still)
                .train(pairs())
                .model();
        DecoderModel supervised =
            SftTrainer.of(adapted)
                .options(still.withAdapter(Lora.rank(2)))
                .train(answers())
                .model()) {
      assertThat(preferred.adapter()).isNull();
      double[] start = chosen(adapted);
      assertThat(start[0]).isNotCloseTo(chosen(base)[0], within(0.1));
      assertThat(chosen(preferred)).containsExactly(start, within(1e-3));
      assertThat(chosen(supervised)).containsExactly(start, within(1e-3));
    }
  }

  private static double[] chosen(DecoderModel model) {
    List<PreferenceExample> examples =
        PreferenceExamples.encode(pairs(), Encoders.of(base), SequenceLimits.of(128)).examples();
    return AnswerLogProbs.of(model, examples, new RowPlan(128, 4), CancellationToken.none())
        .chosen();
  }

  /** Whatever rounding makes of the margins. */
  @Test
  void everyPairOfTheFirstUpdateIsATie() {
    SplittableRandom random = new SplittableRandom(1);
    List<PreferencePair> pairs = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      pairs.add(
          new PreferencePair(
              Prompt.text("Once upon a time"),
              words(random, 1 + 4 * i),
              words(random, 2 + 3 * i),
              i % 2 == 0 ? 1 : 0.3,
              OptionalDouble.empty(),
              null));
    }
    for (double beta : new double[] {0.1, 1}) {
      for (int batch : new int[] {16, 3, 1}) {
        FineTuningResult result =
            PreferenceTrainer.of(base, PreferenceLoss.dpo(beta))
                .options(FineTuningOptions.of(1e-30))
                .batchSize(batch)
                .limits(SequenceLimits.of(250))
                .train(pairs);
        result.model().close();
        assertThat(result.report().kept()).isEqualTo(16);
        for (Metrics metrics : result.metrics()) {
          assertThat(value(metrics, "rewards/accuracies")).isEqualTo(0.5);
          assertThat(value(metrics, "loss")).isCloseTo(Math.log(2), within(1e-4));
        }
      }
    }
  }

  private static String words(SplittableRandom random, int n) {
    String[] words = {" the", " dog", " ran", " to", " a", " big", " house", " and", " saw"};
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < n; i++) {
      text.append(words[random.nextInt(words.length)]);
    }
    return text.toString();
  }

  private static List<PreferencePair> labelled(double probability, OptionalDouble margin) {
    return pairs().stream()
        .map(
            p ->
                new PreferencePair(p.prompt(), p.chosen(), p.rejected(), probability, margin, null))
        .toList();
  }

  @Test
  void aPairAndItsSwappedFormTeachTheSame() {
    List<PreferencePair> pairs = labelled(0.25, OptionalDouble.empty());
    List<PreferencePair> swapped = pairs.stream().map(PreferencePair::swapped).toList();
    FineTuningResult one = preferences().train(pairs);
    FineTuningResult other = preferences().train(swapped);
    try (DecoderModel first = one.model();
        DecoderModel second = other.model()) {
      for (int i = 0; i < one.metrics().size(); i++) {
        Metrics metrics = one.metrics().get(i);
        for (String name : metrics.values().keySet()) {
          if (!name.equals("tokens_per_second")) {
            assertThat(value(other.metrics().get(i), name))
                .as(name)
                .isCloseTo(value(metrics, name), within(1e-3 + 1e-3 * value(metrics, "grad_norm")));
          }
        }
      }
      Metrics last = one.metrics().get(7);
      assertThat(value(last, "rewards/margins")).isPositive();
      assertThat(value(last, "rewards/accuracies"))
          .as("three quarters of the weight is on the other answer")
          .isEqualTo(0.75);
      PreferenceLoss loss = PreferenceLoss.dpo(0.1);
      PreferenceEvaluation plain =
          PreferenceEvaluation.of(first, base, pairs, loss, SequenceLimits.of(128));
      PreferenceEvaluation turned =
          PreferenceEvaluation.of(first, base, swapped, loss, SequenceLimits.of(128));
      assertThat(plain.accuracy().value()).isEqualTo(0.75);
      assertThat(turned.accuracy()).isEqualTo(plain.accuracy());
      assertThat(turned.longerBaseline()).isEqualTo(plain.longerBaseline());
      assertThat(turned.loss()).isCloseTo(plain.loss(), within(1e-5));
    }
  }

  @Test
  void marginsAreNotRead() {
    PreferenceTrainer trainer = preferences().epochs(1);
    try (DecoderModel without = trainer.train(labelled(1, OptionalDouble.empty())).model();
        DecoderModel with = trainer.train(labelled(1, OptionalDouble.of(3))).model()) {
      assertThat(with.weights().contentHash()).isEqualTo(without.weights().contentHash());
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
    FineTuningResult second = trainer.runFolder(cut).train(pairs());
    FineTuningResult third = trainer.runFolder(cut).train(pairs());
    FineTuningResult uncut = trainer.train(pairs());
    try (DecoderModel resumed = second.model();
        DecoderModel finished = third.model();
        DecoderModel whole = uncut.model()) {
      assertThat(resumed.weights().contentHash()).isEqualTo(whole.weights().contentHash());
      assertThat(finished.weights().contentHash()).isEqualTo(whole.weights().contentHash());
      assertThat(losses(second)).hasSize(8).isEqualTo(losses(uncut));
      assertThat(third.metrics()).isEqualTo(second.metrics());
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

  private static List<Double> losses(FineTuningResult result) {
    return result.metrics().stream().map(m -> value(m, "loss")).toList();
  }

  /** A run of two updates that was stopped after the first. */
  private static PreferenceTrainer stopped(Path folder) {
    PreferenceTrainer trainer = preferences().epochs(1).runFolder(folder);
    AtomicBoolean begun = new AtomicBoolean();
    assertThatThrownBy(
            () ->
                trainer
                    .onProgress(event -> begun.set(true))
                    .cancellation(begun::get)
                    .train(pairs()))
        .isInstanceOf(CancelledException.class);
    return trainer;
  }

  @Test
  void cachedReferencesAreReadAndNewerFilesRefused(@TempDir Path folder) throws Exception {
    PreferenceTrainer trainer = stopped(folder);
    Path file = folder.resolve(ReferenceCache.FILE);
    String text = Files.readString(file);
    assertThat(text).contains("\"format\":\"alignment4j-reference-logprobs\"");
    Files.writeString(file, text.replace("\"version\":1", "\"version\":2"));
    assertThatThrownBy(() -> trainer.train(pairs()))
        .isInstanceOf(RunFolderException.class)
        .hasMessageContaining("version 2");
    Files.writeString(file, text.replaceAll("\"rejected\":\\[.*]", "\"rejected\":[9,9,9,9,9,9]"));
    FineTuningResult result = trainer.train(pairs());
    result.model().close();
    assertThat(value(result.metrics().get(1), "rewards/rejected"))
        .as("0.1 times at most -9, from the file")
        .isLessThan(-0.9);
  }

  /** The file of a run that never was is of no reference here. */
  @Test
  void aStaleReferenceIsReplaced(@TempDir Path folder) throws Exception {
    Path file = folder.resolve(ReferenceCache.FILE);
    String stale =
        """
        {"format":"alignment4j-reference-logprobs","version":1,"key":"sha256:0",\
        "chosen":[9,9,9,9,9,9],"rejected":[9,9,9,9,9,9]}""";
    Files.writeString(file, stale);
    FineTuningResult result = preferences().runFolder(folder).train(pairs());
    result.model().close();
    assertThat(value(result.metrics().get(0), "rewards/chosen")).isCloseTo(0, within(1e-4));
    assertThat(Files.readString(file)).isNotEqualTo(stale);
  }

  @Test
  void aRefusedRunLeavesTheReferenceOfTheFoldersRun(@TempDir Path folder) throws Exception {
    PreferenceTrainer trainer = stopped(folder);
    byte[] before = Files.readAllBytes(folder.resolve(ReferenceCache.FILE));
    List<PreferencePair> other = pairs().stream().map(PreferencePair::swapped).toList();
    assertThatThrownBy(() -> trainer.train(other))
        .isInstanceOf(RunFolderException.class)
        .hasMessageContaining("data.data");
    assertThat(folder.resolve(ReferenceCache.FILE)).hasBinaryContent(before);
  }

  @Test
  void aRunWithoutTheLockWritesNothing(@TempDir Path folder) {
    try (RunFolder owner = RunFolder.open(folder, Map.of("task", "another"), 1)) {
      assertThat(owner.path()).isEqualTo(folder);
      assertThatThrownBy(() -> preferences().runFolder(folder).train(pairs()))
          .isInstanceOf(RunFolderException.class)
          .hasMessageContaining("in use");
      assertThat(folder.resolve(ReferenceCache.FILE)).doesNotExist();
    }
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
        .hasMessage(
            "maxLength must be at most the model's context, %s tokens, but was 1024",
            base.architecture().config().maxPositions());
    assertThatThrownBy(() -> preferences().epochs(0))
        .hasMessageContaining("epochs must be positive");
  }
}
