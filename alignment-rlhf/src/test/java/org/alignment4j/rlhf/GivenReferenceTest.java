package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.alignment4j.api.RunFolderException;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.training.TrainingContext;
import org.alignment4j.pocket.PocketModel;
import org.alignment4j.rlhf.GivenReferences.Kind;
import org.alignment4j.rlhf.GivenReferences.Setting;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.ModelOptions;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.session.DevicePolicy;
import org.alignment4j.runtime.train.Lora;
import org.alignment4j.runtime.train.Metrics;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A reference that is not where training starts. */
class GivenReferenceTest extends PocketTraining {

  private static final double BETA = GivenReferences.BETA;
  private static final Prompt PROMPT = GivenReferences.PROMPTS.get(0);

  /** The model with an adapter, which is trained further, and references of it. */
  private static DecoderModel adapted;

  private static Map<String, DecoderModel> references;

  @BeforeAll
  static void open(@TempDir Path folder) {
    adapted =
        PreferenceTrainer.of(base, PreferenceLoss.dpo(0.1))
            .adapter(Lora.rank(2))
            .learningRate(1e-2)
            .batchSize(6)
            .epochs(4)
            .train(GivenReferences.PAIRS)
            .model();
    ConfigJson config = TestModels.config("gpt2", 2048, 16, 1, 128);
    references = new LinkedHashMap<>();
    references.put("its own weights, changed", changed(1.05f));
    references.put(
        "another architecture",
        DecoderModel.of(
            config,
            TestModels.weights(config, 0.3),
            PocketModel.copyTo(folder),
            ModelOptions.defaults().device(DevicePolicy.CPU)));
    references.put("with an adapter", adapted);
  }

  @AfterAll
  static void closeAll() {
    references.values().forEach(DecoderModel::close);
  }

  private static DecoderModel changed(float by) {
    return base.edit(
        base.weights().names().stream().filter(n -> n.contains("down_proj")).findFirst().get(),
        values -> {
          for (int i = 0; i < values.length; i++) {
            values[i] *= by;
          }
          return values;
        });
  }

  private static Setting from(DecoderModel base, DecoderModel reference) {
    return new Setting(base, reference, UnaryOperator.identity());
  }

  static Stream<Kind> kinds() {
    return GivenReferences.kinds();
  }

  /** To the bit, with every weight trained and with an adapter trained further. */
  @ParameterizedTest
  @MethodSource("kinds")
  void theStartingModelAsReferenceChangesNothing(Kind kind) {
    FineTuningResult plain = kind.train(from(base, null));
    same(kind.train(from(base, base)), plain);
    UnaryOperator<FineTuningOptions> further =
        o -> o.withAdapter(adapted.adapter().config()).withEpochs(2);
    FineTuningResult lora = kind.train(new Setting(adapted, null, further));
    same(kind.train(new Setting(adapted, adapted, further)), lora);
  }

  private static void same(FineTuningResult result, FineTuningResult expected) {
    assertThat(result.metrics()).hasSameSizeAs(expected.metrics());
    for (int i = 0; i < result.metrics().size(); i++) {
      assertThat(untimed(result.metrics().get(i))).isEqualTo(untimed(expected.metrics().get(i)));
    }
    assertThat(result.model().id()).isEqualTo(expected.model().id());
    result.model().close();
    expected.model().close();
  }

  private static Map<String, Double> untimed(Metrics metrics) {
    Map<String, Double> values = new LinkedHashMap<>(metrics.values());
    values.remove("tokens_per_second");
    return values;
  }

  static Stream<Arguments> measured() {
    return GivenReferences.named(
            "dpo",
            "apo",
            "kto",
            "plackett-luce",
            "a-lol",
            "grpo",
            "rloo with a penalty",
            "online dpo")
        .flatMap(
            k ->
                Stream.of("its own weights, changed", "another architecture", "with an adapter")
                    .map(name -> Arguments.of(k, name)));
  }

  /** Against formulas in float64 over what each model says of answers by itself. */
  @ParameterizedTest
  @MethodSource("measured")
  void theFirstUpdateIsMeasuredAgainstIt(Kind kind, String name) {
    first(kind, base, references.get(name), UnaryOperator.identity());
  }

  static Stream<Kind> some() {
    return GivenReferences.named("dpo", "kto", "grpo", "online dpo");
  }

  /** An adapter is trained further against the model under it. */
  @ParameterizedTest
  @MethodSource("some")
  void theModelUnderAnAdapterMayBeTheReference(Kind kind) {
    try (DecoderModel under = adapted.withoutAdapter()) {
      first(kind, adapted, under, o -> o.withAdapter(adapted.adapter().config()));
    }
  }

  private static void first(
      Kind kind,
      DecoderModel policy,
      DecoderModel reference,
      UnaryOperator<FineTuningOptions> options) {
    List<Rollout> sampled = new ArrayList<>();
    RewardFunction recording =
        RewardFunction.each(
            "first",
            r -> {
              sampled.add(r);
              return GivenReferences.worth(r);
            });
    FineTuningResult result =
        kind.train(new Setting(policy, reference, o -> options.apply(o).withEpochs(1)), recording);
    result.model().close();
    assertThat(result.metrics()).hasSize(1);
    ReferenceRatios ratios = new ReferenceRatios(policy, reference);
    ratios
        .expected(kind, sampled)
        .forEach(
            (metric, expected) -> {
              assertThat(value(result.metrics().get(0), metric))
                  .as(metric)
                  .isCloseTo(expected, within(2e-4 * Math.max(1, Math.abs(expected))));
            });
    assertThat(Math.abs(ratios.of(PROMPT, " a big red ball.")))
        .as("they differ")
        .isGreaterThan(0.01);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void aStoppedRunEndsInTheSameBitsAndOnlyAgainstTheSameReference(Kind kind, @TempDir Path folder) {
    DecoderModel reference = references.get("another architecture");
    FineTuningResult whole = kind.train(from(base, reference));
    UnaryOperator<FineTuningOptions> kept = o -> o.withRunFolder(folder);
    UnaryOperator<FineTuningOptions> dying =
        o ->
            kept.apply(o)
                .withMetrics(
                    m -> {
                      if (m.step() == 2) {
                        throw new IllegalStateException("died");
                      }
                    });
    assertThatThrownBy(() -> kind.train(new Setting(base, reference, dying))).hasMessage("died");
    for (DecoderModel other :
        new DecoderModel[] {null, base, references.get("its own weights, changed")}) {
      assertThatThrownBy(() -> kind.train(new Setting(base, other, kept)))
          .isInstanceOf(RunFolderException.class)
          .hasMessageContaining("reference (was " + reference.id());
    }
    same(kind.train(new Setting(base, reference, kept)), whole);
  }

  /** A run that was started without one is the run against the model itself. */
  @Test
  void theStartingModelIsNoOtherRun(@TempDir Path folder) {
    for (Kind kind : GivenReferences.named("dpo", "grpo").toList()) {
      UnaryOperator<FineTuningOptions> kept = o -> o.withRunFolder(folder.resolve(kind.name()));
      FineTuningResult first = kind.train(new Setting(base, null, kept));
      same(kind.train(new Setting(base, base, kept)), first);
    }
  }

  /** Rounds of training keep the model that the first began with. */
  @Test
  void learnersTakeOne() {
    var learner =
        PreferenceTrainer.learner(
            PreferenceLoss.dpo(BETA), t -> t.batchSize(6).epochs(1).reference(base));
    DecoderModel later = references.get("its own weights, changed");
    try (DecoderModel trained =
            (DecoderModel) learner.train(later, GivenReferences.PAIRS, TrainingContext.of(3));
        DecoderModel direct =
            PreferenceTrainer.of(later, PreferenceLoss.dpo(BETA))
                .batchSize(6)
                .epochs(1)
                .seed(3)
                .reference(base)
                .train(GivenReferences.PAIRS)
                .model();
        DecoderModel without =
            PreferenceTrainer.of(later, PreferenceLoss.dpo(BETA))
                .batchSize(6)
                .epochs(1)
                .seed(3)
                .train(GivenReferences.PAIRS)
                .model()) {
      assertThat(trained.id()).isEqualTo(direct.id()).isNotEqualTo(without.id());
    }
  }
}
