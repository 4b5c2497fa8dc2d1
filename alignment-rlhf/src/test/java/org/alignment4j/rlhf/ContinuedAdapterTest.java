package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.RunFolderException;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.api.reward.Ranking;
import org.alignment4j.api.reward.UnpairedLabel;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.alignment4j.rlhf.loss.RankingLoss;
import org.alignment4j.rlhf.loss.UnpairedLoss;
import org.alignment4j.rlhf.reward.TrainedRewardModel;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.Quantisation;
import org.alignment4j.runtime.SequenceClassifier;
import org.alignment4j.runtime.architecture.ParameterNames.Part;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.peft.PeftAdapter;
import org.alignment4j.runtime.train.Lora;
import org.alignment4j.runtime.train.LoraAdapter;
import org.alignment4j.runtime.train.LoraConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Training of a model that has an adapter already. */
class ContinuedAdapterTest extends PocketTraining {

  private static final FineTuningOptions OPTIONS =
      FineTuningOptions.of(2e-3).withBatchSize(6).withSeed(3);

  private static DecoderModel adapted;

  @BeforeAll
  static void adapt() {
    adapted =
        SftTrainer.of(base)
            .options(OPTIONS)
            .adapter(Lora.rank(4))
            .epochs(4)
            .train(answers())
            .model();
  }

  @AfterAll
  static void closeAdapted() {
    if (adapted != null) {
      adapted.close();
    }
  }

  /** What all trainers of language models are here. */
  private interface Training
      extends BiFunction<DecoderModel, FineTuningOptions, FineTuningResult> {}

  static Stream<Arguments> trainers() {
    Map<String, Training> trainers = new LinkedHashMap<>();
    trainers.put("sft", (m, o) -> SftTrainer.of(m).options(o).train(answers()));
    trainers.put(
        "dpo",
        (m, o) -> PreferenceTrainer.of(m, PreferenceLoss.dpo(0.1)).options(o).train(pairs()));
    trainers.put(
        "kto", (m, o) -> UnpairedTrainer.of(m, UnpairedLoss.kto(0.1)).options(o).train(labels()));
    trainers.put(
        "rankings",
        (m, o) -> RankingTrainer.of(m, RankingLoss.plackettLuce(0.1)).options(o).train(rankings()));
    return trainers.entrySet().stream().map(e -> Arguments.of(e.getKey(), e.getValue()));
  }

  private static List<UnpairedLabel> labels() {
    List<UnpairedLabel> labels = new ArrayList<>();
    for (PreferencePair pair : pairs()) {
      labels.add(new UnpairedLabel(pair.prompt(), pair.chosen(), true));
      labels.add(new UnpairedLabel(pair.prompt(), pair.rejected(), false));
    }
    return labels;
  }

  private static List<Ranking> rankings() {
    return pairs().stream()
        .map(p -> Ranking.ordered(p.prompt(), List.of(p.chosen(), p.rejected())))
        .toList();
  }

  private static LoraAdapter adapter(DecoderModel model) {
    return Objects.requireNonNull(model.adapter());
  }

  private static double score(DecoderModel model) {
    return model.logProbabilities(Prompt.text("One day Tim saw"), " a big red ball.").sum();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("trainers")
  void theSavedAdapterAloneMakesTheTrainedModelOfTheBase(
      String name, Training training, @TempDir Path folder) {
    adapted.saveAdapter(folder.resolve("first"));
    PeftAdapter first = PeftAdapter.read(folder.resolve("first"), base.architecture());
    try (DecoderModel read = base.withAdapter(first);
        DecoderModel trained = training.apply(read, OPTIONS.withAdapter(Lora.rank(4))).model()) {
      assertThat(trained.weights().contentHash()).isEqualTo(base.weights().contentHash());
      assertThat(score(trained)).isNotCloseTo(score(adapted), within(1e-3));
      assertThat(score(adapted)).isNotCloseTo(score(base), within(0.5));
      trained.saveAdapter(folder.resolve("saved"));
      first.withLora(adapter(trained)).write(folder.resolve("described"));
      for (String saved : List.of("saved", "described")) {
        PeftAdapter again = PeftAdapter.read(folder.resolve(saved), base.architecture());
        try (DecoderModel other = base.withAdapter(again)) {
          assertThat(score(other)).as(saved).isEqualTo(score(trained));
        }
      }
    }
  }

  /** Settings read back from a folder name fewer targets; the seed decides nothing any more. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("trainers")
  void trainingStartsWithTheAdaptersNumbers(String name, Training training) {
    List<LoraConfig> same = List.of(Lora.rank(4), adapter(adapted).config(), Lora.rank(4).seed(9));
    for (LoraConfig config : same) {
      FineTuningOptions still = FineTuningOptions.of(1e-30).withBatchSize(6).withAdapter(config);
      try (DecoderModel trained = training.apply(adapted, still).model()) {
        assertThat(adapter(trained).tensors().contentHash())
            .isEqualTo(adapter(adapted).tensors().contentHash());
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("trainers")
  void anotherAdapterOverAnAdapterIsRefused(String name, Training training) {
    List<LoraConfig> others =
        List.of(
            Lora.rank(2),
            Lora.rank(4).alpha(3),
            Lora.rank(4).rankStabilised(),
            Lora.rank(4).weightDecomposed(),
            Lora.rank(4).targets(Part.QUERY));
    for (LoraConfig config : others) {
      assertThatThrownBy(() -> training.apply(adapted, OPTIONS.withAdapter(config)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith(
              "adapter must be the settings of the adapter that the model has already, rank 4,"
                  + " scale 2.0, targets [QUERY, KEY, VALUE, OUTPUT, GATE, UP, DOWN], to train it"
                  + " further, but was rank "
                  + config.rank()
                  + ", scale ")
          .hasMessageEndingWith(
              "; train with adapter(model.adapter().config()), or begin a new adapter over"
                  + " model.merged(), whose weights hold the present one");
    }
  }

  @Test
  void theReferenceIsTheModelWithItsAdapter() {
    FineTuningResult result =
        PreferenceTrainer.of(adapted, PreferenceLoss.dpo(0.1))
            .options(OPTIONS)
            .adapter(Lora.rank(4))
            .train(pairs());
    result.model().close();
    assertThat(value(result.metrics().get(0), "loss")).isCloseTo(Math.log(2), within(1e-6));
    assertThat(value(result.metrics().get(0), "rewards/accuracies")).isEqualTo(0.5);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("trainers")
  void aCutRunResumesToTheSameBitsFromTheSameAdapterOnly(
      String name, Training training, @TempDir Path folder) {
    FineTuningOptions kept = OPTIONS.withEpochs(4).withAdapter(Lora.rank(4)).withCheckpointEvery(2);
    AtomicInteger updates = new AtomicInteger();
    CancellationToken afterTwo = () -> updates.get() >= 2;
    assertThatThrownBy(
            () ->
                training.apply(
                    adapted,
                    kept.withRunFolder(folder)
                        .withMetrics(m -> updates.incrementAndGet())
                        .withCancellation(afterTwo)))
        .isInstanceOf(CancelledException.class);
    try (DecoderModel resumed = training.apply(adapted, kept.withRunFolder(folder)).model();
        DecoderModel whole = training.apply(adapted, kept).model()) {
      assertThat(resumed.id()).isEqualTo(whole.id());
      assertThatThrownBy(() -> training.apply(whole, kept.withRunFolder(folder)))
          .isInstanceOf(RunFolderException.class)
          .hasMessageContaining("trained");
    }
  }

  @Test
  void rewardModelsTrainTheAdapterFurther(@TempDir Path folder) {
    RewardModelTrainer trainer =
        RewardModelTrainer.of(adapted).options(OPTIONS).adapter(Lora.rank(4));
    String head = "score.weight";
    try (TrainedRewardModel model = trainer.learningRate(1e-30).train(pairs()).model();
        SequenceClassifier merged =
            SequenceClassifier.of(adapted, model.classifier().weights().get(head));
        TrainedRewardModel expected = TrainedRewardModel.of(merged);
        TrainedRewardModel trained = trainer.train(pairs()).model();
        SequenceClassifier plain = SequenceClassifier.of(base, merged.weights().get(head))) {
      for (PreferencePair pair : pairs()) {
        assertThat(model.score(List.of(pair.chosenCompletion())).get(0).value())
            .isCloseTo(
                expected.score(List.of(pair.chosenCompletion())).get(0).value(), within(1e-4));
      }
      SequenceClassifier found = trained.classifier();
      assertThat(found.weights().select(base.weights().names()).contentHash())
          .isEqualTo(base.weights().contentHash());
      WeightTensor score = found.weights().get(head);
      PeftAdapter.of(
              Objects.requireNonNull(found.adapter()),
              found.weights().select(Set.of(head)),
              found.architecture(),
              null)
          .write(folder);
      PeftAdapter read = PeftAdapter.read(folder, plain.architecture());
      assertThat(read.saved().get(head).data()).isEqualTo(score.data());
      try (TrainedRewardModel again =
          TrainedRewardModel.of(plain.with(read.savedOver(plain.weights()), read.lora()))) {
        assertThat(again.id()).isEqualTo(trained.id());
      }
    }
    assertThatThrownBy(() -> trainer.adapter(Lora.rank(2)).train(pairs()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must be the settings of the adapter that the model has already");
  }

  @Test
  void adaptersOfQuantisedModelsAreTrainedFurther(@TempDir Path folder) {
    FineTuningOptions options = OPTIONS.withAdapter(Lora.rank(4));
    try (DecoderModel quantised = base.quantised(Quantisation.int8(32));
        DecoderModel first = SftTrainer.of(quantised).options(options).train(answers()).model()) {
      FineTuningResult result =
          PreferenceTrainer.of(first, PreferenceLoss.dpo(0.1)).options(options).train(pairs());
      try (DecoderModel second = result.model();
          TrainedRewardModel rewards =
              RewardModelTrainer.of(first).options(options).train(pairs()).model()) {
        assertThat(value(result.metrics().get(0), "loss")).isCloseTo(Math.log(2), within(1e-6));
        assertThat(second.weights().contentHash()).isEqualTo(quantised.weights().contentHash());
        assertThat(score(second)).isNotCloseTo(score(first), within(1e-4));
        second.saveAdapter(folder);
        PeftAdapter read = PeftAdapter.read(folder, quantised.architecture());
        try (DecoderModel again = quantised.withAdapter(read)) {
          assertThat(score(again)).isEqualTo(score(second));
        }
        assertThat(rewards.classifier().weights().quantised()).isNotEmpty();
      }
      assertThatThrownBy(() -> SftTrainer.of(first).adapter(Lora.rank(2)).train(answers()))
          .hasMessageContaining("model.dequantised() merged and quantised again");
      assertThatThrownBy(() -> SftTrainer.of(first).train(answers()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("train an adapter of the quantised model");
    }
  }
}
