package org.alignment4j.interp.lens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.RunFolderException;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.interp.RandomModels;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.EarlyStopping;
import org.alignment4j.runtime.train.Metrics;
import org.alignment4j.runtime.train.RunFolder;
import org.alignment4j.runtime.train.TrainingContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class TunedLensTrainerTest {

  private static final TrainingContext CONTEXT = TrainingContext.defaults();
  private static DecoderModel model;

  @TempDir Path folder;

  @BeforeAll
  static void load() {
    model = RandomModels.create("llama");
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static List<TokenIds> texts(int count, int seed) {
    List<TokenIds> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      texts.add(RandomModels.tokens(5 + i % 4, seed + i));
    }
    return texts;
  }

  private static LensCorpus corpus() {
    return LensCorpus.of(texts(60, 100), 4, 7);
  }

  private static TunedLensOptions options(long steps) {
    return TunedLensOptions.defaults().adam().steps(steps, 60).checkpoints(10, 2);
  }

  private static TunedLensResult train(TunedLensOptions options, TrainingContext context) {
    return new TunedLensTrainer(options, context).train(model, corpus());
  }

  @ParameterizedTest
  @MethodSource("org.alignment4j.interp.RandomModels#names")
  void comesNearerToTheModelThanTheLogitLensDoes(String name) {
    try (DecoderModel own = RandomModels.create(name)) {
      TunedLensResult result =
          new TunedLensTrainer(TunedLensOptions.defaults().steps(60, 120), CONTEXT)
              .train(own, corpus());
      LensComparison comparison =
          LensComparison.of(
              TunedLens.of(own, result.translators()),
              texts(40, 5000),
              8,
              CancellationToken.none());
      for (LensComparison.Layer layer : comparison.layers()) {
        assertThat(layer.gain().value()).as(layer.point().name()).isPositive();
        assertThat(layer.gain().value())
            .isCloseTo(
                layer.logitDivergence().value() - layer.tunedDivergence().value(), within(1e-9));
      }
      assertThat(result.metrics()).hasSize(60);
      assertThat(result.metrics().get(59).values().get("loss"))
          .isLessThan(result.metrics().get(0).values().get("loss"));
    }
  }

  @Test
  void theFirstLossIsTheLogitLenssAndCountsTokensOnce() {
    Metrics first = train(options(1), CONTEXT).metrics().get(0);
    List<TokenIds> seen = new ArrayList<>();
    LensCorpus corpus = corpus();
    long tokens = 0;
    for (long number = 0; tokens < 60; number++) {
      List<TokenIds> batch = corpus.batch(number, CancellationToken.none());
      tokens += batch.stream().mapToInt(TokenIds::size).sum();
      seen.addAll(batch);
    }
    LensComparison identity =
        LensComparison.of(TunedLens.identity(model), seen, 4, CancellationToken.none());
    double sum = 0;
    for (int layer = 0; layer < 3; layer++) {
      double expected = identity.layers().get(layer).logitDivergence().value();
      assertThat(first.values().get("kl/" + layer)).isCloseTo(expected, within(1e-5));
      sum += expected;
    }
    assertThat(first.values().get("loss")).isCloseTo(sum, within(1e-5));
    assertThat(first.values().get("tokens")).isEqualTo(tokens);
    assertThat(first.values().get("learning_rate")).isEqualTo(1e-3);
  }

  @Test
  void theMetricsAreOfTokensThatAreNotExcluded() {
    Set<Integer> excluded = Set.of(3, 11, 12, 30, 41);
    Metrics first = train(options(1).excluding(excluded), CONTEXT).metrics().get(0);
    LensCorpus corpus = corpus();
    TunedLens lens = TunedLens.identity(model);
    double sum = 0;
    int count = 0;
    for (long number = 0; count < 60; number++) {
      List<TokenIds> batch = corpus.batch(number, CancellationToken.none());
      LensReading reading = lens.read(batch, 1);
      for (int row = 0; row < batch.size(); row++) {
        for (int p = 0; p < batch.get(row).size(); p++) {
          if (!excluded.contains(batch.get(row).get(p))) {
            sum += reading.layers().get(1).places().get(row).get(p).divergence();
            count++;
          }
        }
      }
    }
    assertThat(first.values().get("kl/1")).isCloseTo(sum / count, within(1e-5));
    assertThat(first.values().get("tokens")).isEqualTo(count);
  }

  /** A step that took several batches is followed by the batch after its last. */
  @Test
  void everyBatchIsLearnedFromOnceInOrder() {
    List<Long> asked = new ArrayList<>();
    LensCorpus corpus = corpus();
    LensCorpus recorded =
        new LensCorpus() {
          @Override
          public List<TokenIds> batch(long number, CancellationToken cancellation) {
            asked.add(number);
            return corpus.batch(number, cancellation);
          }

          @Override
          public Map<String, String> description() {
            return corpus.description();
          }
        };
    List<Metrics> metrics =
        new TunedLensTrainer(options(4), CONTEXT).train(model, recorded).metrics();
    assertThat(asked).hasSizeGreaterThan(2 * 4);
    assertThat(asked).isEqualTo(LongStream.range(0, asked.size()).boxed().toList());
    long next = 0;
    for (Metrics step : metrics) {
      long tokens = 0;
      while (tokens < 60) {
        List<TokenIds> batch = corpus.batch(next++, CancellationToken.none());
        tokens += batch.stream().mapToInt(TokenIds::size).sum();
      }
      assertThat(step.values().get("tokens")).as("step %s", step.step()).isEqualTo(tokens);
    }
  }

  @Test
  void howManyRowsRunTogetherDoesNotMatter() {
    TunedLensRun small =
        new TunedLensRun(new TranslatedEnd(model, 5), options(3), CONTEXT, corpus());
    TunedLensRun large = new TunedLensRun(new TranslatedEnd(model), options(3), CONTEXT, corpus());
    for (int step = 1; step <= 3; step++) {
      Metrics a = small.step(step);
      Metrics b = large.step(step);
      assertThat(a.values().get("loss")).isCloseTo(b.values().get("loss"), within(1e-5));
      assertThat(a.values().get("grad_norm")).isCloseTo(b.values().get("grad_norm"), within(1e-5));
    }
  }

  @ParameterizedTest
  @EnumSource(Translation.class)
  void cancelledAndKilledRunsEndInTheSameBits(Translation translation) {
    TunedLensOptions options = options(24).translation(translation);
    TunedLensResult whole = train(options, CONTEXT);
    long[] asked = {0};
    TrainingContext stopping =
        CONTEXT.metrics(metrics -> asked[0] = metrics.step()).cancellation(() -> asked[0] == 7);
    assertThatThrownBy(() -> new TunedLensTrainer(options, stopping).train(model, corpus(), folder))
        .isInstanceOf(CancelledException.class)
        .hasMessageContaining("after step 7");
    TrainingContext killed =
        CONTEXT.metrics(
            metrics -> {
              if (metrics.step() == 15) {
                throw new IllegalStateException("killed");
              }
            });
    assertThatThrownBy(() -> new TunedLensTrainer(options, killed).train(model, corpus(), folder))
        .hasMessageContaining("killed");
    TunedLensResult resumed = new TunedLensTrainer(options, CONTEXT).train(model, corpus(), folder);
    assertThat(resumed.translators().contentHash()).isEqualTo(whole.translators().contentHash());
    assertThat(losses(RunFolder.readMetrics(folder))).isEqualTo(losses(whole.metrics()));
    assertThat(resumed.translators().translation()).isEqualTo(translation);
    assertThatThrownBy(
            () ->
                new TunedLensTrainer(options.steps(24, 61), CONTEXT).train(model, corpus(), folder))
        .isInstanceOf(RunFolderException.class)
        .hasMessageContaining("tokens_per_step (was 60, now 61)");
  }

  private static List<Double> losses(List<Metrics> metrics) {
    return metrics.stream().map(m -> m.values().get("loss")).toList();
  }

  @Test
  void streamedTextsAreReadOnAndAgain() {
    List<TokenIds> texts = texts(10, 1);
    int[] opened = {0};
    LensCorpus streamed =
        LensCorpus.streamed(
            "ten",
            () -> {
              opened[0]++;
              return texts.iterator();
            },
            4);
    assertThat(streamed.batch(0, CancellationToken.none())).isEqualTo(texts.subList(0, 4));
    assertThat(streamed.batch(1, CancellationToken.none())).isEqualTo(texts.subList(4, 8));
    assertThat(opened[0]).isEqualTo(1);
    List<TokenIds> over = new ArrayList<>(texts.subList(8, 10));
    over.addAll(texts.subList(0, 2));
    assertThat(streamed.batch(2, CancellationToken.none())).isEqualTo(over);
    assertThat(streamed.batch(1, CancellationToken.none())).isEqualTo(texts.subList(4, 8));
    assertThat(streamed.batch(3, CancellationToken.none())).isEqualTo(texts.subList(2, 6));
    TunedLensOptions options = options(12);
    TunedLensResult whole = new TunedLensTrainer(options, CONTEXT).train(model, streamed);
    long[] asked = {0};
    TrainingContext stopping =
        CONTEXT.metrics(metrics -> asked[0] = metrics.step()).cancellation(() -> asked[0] == 5);
    assertThatThrownBy(() -> new TunedLensTrainer(options, stopping).train(model, streamed, folder))
        .isInstanceOf(CancelledException.class);
    LensCorpus anew = LensCorpus.streamed("ten", texts::iterator, 4);
    assertThat(
            new TunedLensTrainer(options, CONTEXT)
                .train(model, anew, folder)
                .translators()
                .contentHash())
        .isEqualTo(whole.translators().contentHash());
  }

  @Test
  void givenTextsComeOnceInEachPass() {
    List<TokenIds> texts = texts(9, 1);
    LensCorpus corpus = LensCorpus.of(texts, 3, 1);
    for (int pass = 0; pass < 2; pass++) {
      List<TokenIds> seen = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        seen.addAll(corpus.batch(3L * pass + i, CancellationToken.none()));
      }
      assertThat(seen).containsExactlyInAnyOrderElementsOf(texts).isNotEqualTo(texts);
    }
    assertThat(LensCorpus.of(texts, 3, 2).batch(0, CancellationToken.none()))
        .isNotEqualTo(corpus.batch(0, CancellationToken.none()));
  }

  @Test
  void endsEarlyAndKeepsTheBest() {
    TunedLensResult result =
        train(options(200).stopping(EarlyStopping.minimise("kl/2", 3)), CONTEXT);
    assertThat(result.end().stoppedEarly()).isTrue();
  }

  @Test
  void savesAndLoads() {
    LensTranslators trained = train(options(3), CONTEXT).translators();
    TunedLensFolder.save(trained, folder);
    LensTranslators loaded = TunedLensFolder.load(folder);
    assertThat(loaded.contentHash()).isEqualTo(trained.contentHash());
    assertThat(loaded.modelId()).isEqualTo(model.id());
    assertThat(TunedLens.of(model, loaded).translators().weight(1)).isEqualTo(trained.weight(1));
    LensTranslators biases = train(options(3).translation(Translation.BIAS), CONTEXT).translators();
    TunedLensFolder.save(biases, folder);
    assertThat(TunedLensFolder.load(folder).contentHash()).isEqualTo(biases.contentHash());
  }

  @Test
  void refusesBadSettingsAndTexts() {
    TunedLensOptions options = options(2);
    assertThatThrownBy(() -> options.steps(0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("steps must be at least 1 but was 0");
    assertThatThrownBy(() -> options.steps(1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("tokensPerStep must be at least 1 but was 0");
    assertThatThrownBy(() -> options.checkpoints(1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("checkpointsKept");
    assertThatThrownBy(() -> LensCorpus.of(List.of(), 1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must not be empty");
    assertThatThrownBy(() -> LensCorpus.of(List.of(TokenIds.of(1), TokenIds.of()), 1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("text 1 has none");
    assertThatThrownBy(() -> LensCorpus.of(List.of(TokenIds.of(1)), 0, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("batch must be at least 1 but was 0");
    LensCorpus empty = LensCorpus.streamed("nothing", List.<TokenIds>of()::iterator, 2);
    assertThatThrownBy(() -> new TunedLensTrainer(options, CONTEXT).train(model, empty))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'nothing' must have at least one text");
    LensCorpus excluded = LensCorpus.of(List.of(TokenIds.of(4, 4, 5)), 1, 0);
    assertThatThrownBy(
            () ->
                new TunedLensTrainer(options.excluding(Set.of(4, 5)), CONTEXT)
                    .train(model, excluded))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not excluded")
        .hasMessageContaining("exclude fewer");
    LensCorpus unknown = LensCorpus.of(List.of(TokenIds.of(4, 99)), 1, 0);
    assertThatThrownBy(() -> new TunedLensTrainer(options, CONTEXT).train(model, unknown))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("99");
    TunedLens lens = TunedLens.identity(model);
    assertThatThrownBy(
            () -> LensComparison.of(lens, List.of(TokenIds.of(4)), 1, CancellationToken.none()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("text 0 has 1 tokens");
    assertThatThrownBy(() -> LensComparison.of(lens, List.of(), 1, CancellationToken.none()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least one text");
  }
}
