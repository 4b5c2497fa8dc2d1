package org.alignment4j.rlhf;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.api.reward.Ranking;
import org.alignment4j.api.reward.UnpairedLabel;
import org.alignment4j.pocket.PocketModel;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.ModelOptions;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.session.DevicePolicy;
import org.alignment4j.runtime.train.Lora;

/**
 * Every trainer of the module, each with examples for six updates in three epochs, a checkpoint
 * after every second one and an adapter of rank 2 unless its name says otherwise.
 */
final class Trainings {

  static final int EPOCHS = 3;
  static final int CHECKPOINT_EVERY = 2;

  private static final int VOCABULARY = 2048;
  private static final int CONTEXT = 128;

  private Trainings() {}

  static List<Training> all() {
    List<Training> all = new ArrayList<>(OfflineTrainings.all());
    all.addAll(RewardTrainings.all());
    all.addAll(SamplingTrainings.all());
    return all;
  }

  static Training named(String name) {
    return all().stream().filter(t -> t.name().equals(name)).findFirst().orElseThrow();
  }

  /**
   * A model of 33 thousand random weights with a tokenizer.
   *
   * @param folder takes the tokenizer's files
   */
  static DecoderModel model(Path folder) {
    ConfigJson config = TestModels.config("llama", VOCABULARY, 16, 1, CONTEXT);
    return DecoderModel.of(
        config,
        TestModels.weights(config, 0.4),
        PocketModel.copyTo(folder),
        ModelOptions.defaults().device(DevicePolicy.CPU));
  }

  /** The options that trainings share. */
  static FineTuningOptions shared(FineTuningOptions own) {
    return own.withAdapter(Lora.rank(2))
        .withEpochs(EPOCHS)
        .withBatchSize(2)
        .withLearningRate(5e-3)
        .withCheckpointEvery(CHECKPOINT_EVERY);
  }

  static <T extends TrainerSettings<T>> Training language(
      String name, Function<DecoderModel, T> trainer, Function<T, FineTuningResult> training) {
    return new Training(
        name,
        Training.Kind.LANGUAGE,
        false,
        (base, options) -> Training.Outcome.of(training.apply(with(trainer.apply(base), options))));
  }

  static <T extends TrainerSettings<T>> Training sampling(
      String name,
      Function<DecoderModel, T> trainer,
      BiFunction<T, List<Prompt>, FineTuningResult> training) {
    return new Training(
        name,
        Training.Kind.LANGUAGE,
        true,
        (base, options) ->
            Training.Outcome.of(training.apply(with(trainer.apply(base), options), prompts())));
  }

  static <T extends TrainerSettings<T>> Training rewards(
      String name, Function<DecoderModel, T> trainer, Function<T, RewardModelResult> training) {
    return new Training(
        name,
        Training.Kind.REWARDS,
        false,
        (base, options) -> Training.Outcome.of(training.apply(with(trainer.apply(base), options))));
  }

  private static <T extends TrainerSettings<T>> T with(
      T trainer, UnaryOperator<FineTuningOptions> options) {
    T shared = shared(trainer);
    return shared.options(options.apply(shared.options()));
  }

  /** A trainer with the options that trainings share. */
  static <T extends TrainerSettings<T>> T shared(T trainer) {
    return trainer.options(shared(trainer.options()));
  }

  static List<Prompt> prompts() {
    return List.of(
        Prompt.text("Human: Who are you?\nAssistant:"),
        Prompt.text("Human: Where is Paris?\nAssistant:"),
        Prompt.text("Human: What do you do?\nAssistant:"),
        Prompt.text("Human: Why?\nAssistant:"));
  }

  static List<PromptCompletion> answers() {
    return prompts().stream().map(p -> new PromptCompletion(p, " I am.")).toList();
  }

  static List<PreferencePair> pairs() {
    return prompts().stream().map(p -> new PreferencePair(p, " I help.", " No.")).toList();
  }

  static List<UnpairedLabel> labels() {
    List<UnpairedLabel> labels = new ArrayList<>();
    prompts().forEach(p -> labels.add(new UnpairedLabel(p, " I help.", labels.size() % 2 == 0)));
    return labels;
  }

  static List<Ranking> rankings() {
    return prompts().stream()
        .map(p -> new Ranking(p, List.of(" I help.", " Maybe.", " No."), List.of(3.0, 2.0, 1.0)))
        .toList();
  }
}
