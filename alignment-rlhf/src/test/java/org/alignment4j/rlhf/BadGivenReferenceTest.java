package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.pocket.PocketModel;
import org.alignment4j.rlhf.GivenReferences.Kind;
import org.alignment4j.rlhf.GivenReferences.Setting;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.alignment4j.rlhf.loss.RankingLoss;
import org.alignment4j.rlhf.loss.ReferenceFreeLosses;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.ModelOptions;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.session.DevicePolicy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** References that cannot be one, or that nothing would read. */
class BadGivenReferenceTest extends PocketTraining {

  private static DecoderModel larger;
  private static DecoderModel swapped;
  private static DecoderModel shorter;

  @BeforeAll
  static void open(@TempDir Path root) throws IOException {
    Path pocket = PocketModel.copyTo(root.resolve("pocket"));
    larger = other(2100, 128, pocket);
    shorter = other(2048, 12, pocket);
    Path folder = PocketModel.copyTo(root.resolve("swapped"));
    Path file = folder.resolve("tokenizer.json");
    String text = Files.readString(file);
    Files.writeString(
        file,
        text.replace("\"Ġdog\" : 838", "\"Ġdog\" : 9999")
            .replace("\"Ġcat\" : 1308", "\"Ġcat\" : 838")
            .replace("\"Ġdog\" : 9999", "\"Ġdog\" : 1308"));
    swapped = DecoderModel.load(folder);
  }

  private static DecoderModel other(int vocabulary, int context, Path tokenizer) {
    ConfigJson config = TestModels.config("gpt2", vocabulary, 16, 1, context);
    return DecoderModel.of(
        config,
        TestModels.weights(config, 0.3),
        tokenizer,
        ModelOptions.defaults().device(DevicePolicy.CPU));
  }

  @AfterAll
  static void closeAll() {
    List.of(larger, swapped, shorter).forEach(DecoderModel::close);
  }

  static Stream<Kind> kinds() {
    return GivenReferences.kinds();
  }

  private static void refused(Kind kind, DecoderModel reference, String... parts) {
    Setting setting = new Setting(base, reference, UnaryOperator.identity());
    assertThatThrownBy(() -> kind.train(setting))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(parts);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void otherTokensAndShorterContextsAreRefused(Kind kind) {
    String own = "llama " + base.id().substring(0, 12);
    refused(
        kind,
        larger,
        "the reference must have the tokens",
        "but the reference, gpt2 " + larger.id().substring(0, 12),
        "a vocabulary of 2100 and not of 2048 of the trained model, " + own);
    refused(
        kind,
        swapped,
        "llama " + swapped.id().substring(0, 12),
        "'Ġcat' and not 'Ġdog' as token 838",
        own);
    refused(kind, shorter, "must fit the reference's context of 12 tokens but may have");
  }

  @Test
  void givenCompletionsMustFitTheReferenceToo() {
    try (PolicyTraining training =
        PolicyTrainer.of(base, PolicyMethod.grpo()).reference(shorter).beginGiven(1)) {
      TokenIds prompt = TokenIds.of(1, 2, 3, 4, 5, 6, 7, 8);
      RewardedAnswer fits = RewardedAnswer.of(TokenIds.of(5, 6), 1);
      RewardedAnswer tooLong = RewardedAnswer.of(TokenIds.of(5, 6, 7, 8, 9), 0);
      assertThatThrownBy(
              () -> training.step(List.of(new RewardedGroup(prompt, List.of(fits, tooLong)))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("must fit the context of 12 tokens but answer 1 of group 0 has 13");
      assertThat(
              training
                  .step(
                      List.of(
                          new RewardedGroup(
                              prompt, List.of(fits, RewardedAnswer.of(TokenIds.of(9), 0)))))
                  .values())
          .containsKey("kl");
    }
  }

  @Test
  void lossesWithoutReferenceRefuseOne() {
    String message = "reference must be given to a loss with reference but the loss was ";
    String remedy =
        "; leave reference(...) out, or take a loss that compares with one, such as"
            + " PreferenceLoss.dpo(0.1)";
    PreferenceLoss orpo = ReferenceFreeLosses.orpo(0.1);
    assertThatThrownBy(() -> PreferenceTrainer.of(base, orpo).reference(base))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message + orpo + remedy);
    assertThatThrownBy(() -> OnlinePreferenceTrainer.of(base, orpo).reference(base))
        .hasMessage(message + orpo + remedy);
    RankingLoss rrhf = RankingLoss.rrhf();
    assertThatThrownBy(() -> RankingTrainer.of(base, rrhf).reference(base))
        .hasMessage(message + rrhf + remedy);
    AlolMethod cloning = AlolMethod.weightedCloning();
    assertThatThrownBy(
            () -> AlolTrainer.of(base).reference(base).method(cloning).train(GivenReferences.RATED))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message + cloning + remedy);
    AlolTrainer.of(base)
        .method(AlolMethod.referenceFree())
        .reference(base)
        .train(GivenReferences.RATED)
        .model()
        .close();
  }

  @Test
  void aReferenceThatFollowsTheModelIsNotGiven() {
    PreferenceTrainer trainer = PreferenceTrainer.of(base, PreferenceLoss.dpo(0.1));
    List<UnaryOperator<PreferenceTrainer>> both =
        List.of(
            t -> t.reference(base).referenceSync(ReferenceSync.standard()),
            t -> t.referenceSync(ReferenceSync.standard()).reference(base));
    for (UnaryOperator<PreferenceTrainer> settings : both) {
      assertThatThrownBy(() -> settings.apply(trainer))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContainingAll("given or follows the model", "leave reference(...)");
    }
  }

  /** Before training, and at its beginning. */
  @ParameterizedTest
  @MethodSource("kinds")
  void aClosedReferenceIsRefused(Kind kind) {
    DecoderModel closed = base.withWeights(base.weights());
    closed.close();
    assertThatThrownBy(() -> kind.train(new Setting(base, closed, UnaryOperator.identity())))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    DecoderModel closing = base.withWeights(base.weights());
    PolicyTrainer trainer =
        PolicyTrainer.of(base, PolicyMethod.grpo())
            .reward(GivenReferences.reward())
            .reference(closing);
    closing.close();
    assertThatThrownBy(() -> trainer.begin(GivenReferences.PROMPTS))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }
}
