package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.alignment4j.api.RunFolderException;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.api.reward.Ranking;
import org.alignment4j.api.reward.UnpairedLabel;
import org.alignment4j.pocket.PocketModel;
import org.alignment4j.rlhf.data.RatedAnswer;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.alignment4j.rlhf.loss.RankingLoss;
import org.alignment4j.rlhf.loss.UnpairedLoss;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.ModelOptions;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.session.DevicePolicy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a run folder keeps of a reference is of that reference, its tokenizer, its template and the
 * data alone: a run of anything else refuses the folder, and never reads the numbers.
 */
class BadReferenceTest {

  private static Map<String, DecoderModel> models;

  @TempDir Path folder;

  @BeforeAll
  static void open(@TempDir Path root) throws IOException {
    Path pocket = PocketModel.copyTo(root.resolve("pocket"));
    Path swapped = PocketModel.copyTo(root.resolve("swapped"));
    Path file = swapped.resolve("tokenizer.json");
    String text = Files.readString(file);
    Files.writeString(
        file,
        text.replace("\"Ġdog\" : 838", "\"Ġdog\" : 9999")
            .replace("\"Ġcat\" : 1308", "\"Ġcat\" : 838")
            .replace("\"Ġdog\" : 9999", "\"Ġdog\" : 1308"));
    assertThat(Files.readString(file)).isNotEqualTo(text);
    Path templated = PocketModel.copyTo(root.resolve("templated"));
    Files.writeString(
        templated.resolve("chat_template.jinja"),
        "{% for m in messages %}<<{{ m.role }}>> {{ m.content }}\n{% endfor %}"
            + "{% if add_generation_prompt %}<<assistant>>{% endif %}");
    models =
        Map.of(
            "base", DecoderModel.load(pocket),
            "another tokenizer", DecoderModel.load(swapped),
            "another template", DecoderModel.load(templated),
            "another architecture", other("gpt2", 2048, pocket),
            "another vocabulary", other("llama", 2100, pocket));
  }

  private static DecoderModel other(String family, int vocabulary, Path tokenizer) {
    ConfigJson config = TestModels.config(family, vocabulary, 16, 1, 128);
    return DecoderModel.of(
        config,
        TestModels.weights(config, 0.3),
        tokenizer,
        ModelOptions.defaults().device(DevicePolicy.CPU));
  }

  @AfterAll
  static void close() {
    models.values().forEach(DecoderModel::close);
  }

  private static DecoderModel base() {
    return models.get("base");
  }

  /** A trainer of a model and a folder, or none, on examples with an answer. */
  private record Kind(String name, BiFunction<Setting, String, FineTuningResult> train) {
    FineTuningResult train(DecoderModel model, Path folder, String answer) {
      return train.apply(new Setting(model, folder), answer);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private record Setting(DecoderModel model, Path folder) {}

  private static final List<Prompt> PROMPTS =
      List.of(
          Prompt.chat(Message.user("Who ran")),
          Prompt.chat(Message.user("Why")),
          Prompt.chat(Message.user("What did Tim see")));

  private static <E> List<E> each(java.util.function.Function<Prompt, E> example) {
    return PROMPTS.stream().map(example).toList();
  }

  private static <T extends TrainerSettings<T>> T in(Setting setting, T trainer) {
    T set = trainer.learningRate(1e-4).batchSize(3).epochs(2);
    return setting.folder() == null ? set : set.runFolder(setting.folder());
  }

  static Stream<Kind> kinds() {
    return Stream.of(
        new Kind(
            "dpo",
            (s, a) ->
                in(s, PreferenceTrainer.of(s.model(), PreferenceLoss.dpo(0.1)))
                    .train(each(p -> new PreferencePair(p, a, "a cat")))),
        new Kind(
            "kto",
            (s, a) ->
                in(s, UnpairedTrainer.of(s.model(), UnpairedLoss.kto(0.1)))
                    .train(each(p -> new UnpairedLabel(p, a, true)))),
        new Kind(
            "plackett-luce",
            (s, a) ->
                in(s, RankingTrainer.of(s.model(), RankingLoss.plackettLuce(0.1)))
                    .train(each(p -> Ranking.ordered(p, List.of(a, "a cat", "no"))))),
        new Kind(
            "a-lol",
            (s, a) ->
                in(s, AlolTrainer.of(s.model()).method(AlolMethod.alol()))
                    .baseline(PromptBaseline.mean())
                    .train(
                        PROMPTS.stream()
                            .flatMap(
                                p ->
                                    Stream.of(
                                        new RatedAnswer(new PromptCompletion(p, a), 1),
                                        new RatedAnswer(new PromptCompletion(p, "no"), 0)))
                            .toList())));
  }

  private void refused(Kind kind, DecoderModel model, String answer, String... parts) {
    assertThatThrownBy(() -> kind.train(model, folder, answer))
        .isInstanceOf(RunFolderException.class)
        .hasMessageContainingAll(parts);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void aFolderOfAnotherReferenceOrOtherDataIsRefused(Kind kind) throws IOException {
    kind.train(base(), folder, "a dog").model().close();
    Path file = folder.resolve(ReferenceCache.FILE);
    byte[] kept = Files.readAllBytes(file);
    models.forEach(
        (name, model) -> {
          if (!name.equals("base")) {
            refused(kind, model, "a dog", folder.toString(), "must");
          }
        });
    refused(kind, base(), "a frog", "data");
    assertThat(file).hasBinaryContent(kept);
  }

  /** Without the run's own description, only the key of the file tells whose numbers they are. */
  @ParameterizedTest
  @MethodSource("kinds")
  void numbersOfAnotherReferenceAreNeverRead(Kind kind) throws IOException {
    Path first = folder.resolve("first");
    kind.train(base(), first, "a dog").model().close();
    for (String name : List.of("another tokenizer", "another template", "another architecture")) {
      Path second = Files.createDirectories(folder.resolve(name.replace(' ', '-')));
      Files.copy(first.resolve(ReferenceCache.FILE), second.resolve(ReferenceCache.FILE));
      same(kind, models.get(name), second, "a dog");
    }
    Path third = Files.createDirectories(folder.resolve("data"));
    Files.copy(first.resolve(ReferenceCache.FILE), third.resolve(ReferenceCache.FILE));
    same(kind, base(), third, "a frog");
  }

  private static void same(Kind kind, DecoderModel model, Path folder, String answer) {
    FineTuningResult with = kind.train(model, folder, answer);
    FineTuningResult without = kind.train(model, null, answer);
    SmallPolicies.same(with.model(), without.model());
    with.model().close();
    without.model().close();
  }

  /** Policies, pairs sampled online and RAFT keep no numbers, but know whose run it is. */
  static Stream<Kind> sampling() {
    RewardFunction reward = RewardFunction.each("first", r -> r.tokens().get(0) + r.sample());
    RolloutOptions four = RolloutOptions.of(4);
    return Stream.of(
        new Kind(
            "ppo",
            (s, a) ->
                in(s, PolicyTrainer.of(s.model(), PolicyMethod.ppo()))
                    .reward(reward)
                    .rollouts(four)
                    .train(PROMPTS)),
        new Kind(
            "online dpo",
            (s, a) ->
                in(s, OnlinePreferenceTrainer.of(s.model(), PreferenceLoss.dpo(0.1)))
                    .reward(reward)
                    .rollouts(four)
                    .train(PROMPTS)),
        new Kind(
            "raft",
            (s, a) ->
                in(s, RaftTrainer.of(s.model()))
                    .reward(reward)
                    .rollouts(four)
                    .samples(2)
                    .iterations(1)
                    .truncated(TruncatedAnswers.KEEP)
                    .train(PROMPTS)));
  }

  @ParameterizedTest
  @MethodSource("sampling")
  void aFolderOfAnotherPolicyIsRefused(Kind kind) {
    kind.train(base(), folder, "").model().close();
    for (String name : List.of("another tokenizer", "another architecture", "another vocabulary")) {
      refused(kind, models.get(name), "", folder.toString(), "model");
    }
  }
}
