package org.alignment4j.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.alignment4j.api.Cancellation;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.CheckpointException;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.ContinuationScore;
import org.alignment4j.api.model.FinishReason;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.StreamedToken;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.architecture.Architecture;
import org.alignment4j.runtime.architecture.InitialWeights;
import org.alignment4j.runtime.architecture.LlamaConfigs;
import org.alignment4j.runtime.architecture.ParameterNames.Part;
import org.alignment4j.runtime.session.DevicePolicy;
import org.alignment4j.runtime.train.Lora;
import org.alignment4j.runtime.train.LoraAdapter;
import org.alignment4j.runtime.train.LoraAdapter.LinearShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DecoderModelTest {

  private static final ModelOptions CPU = ModelOptions.defaults().device(DevicePolicy.CPU);
  private static final Architecture SMALL = LlamaConfigs.create(120, 32, 2, 4, 2, 64, 48, 1, 2);

  @TempDir Path folder;

  private static DecoderModel small() {
    return DecoderModel.of(
        LlamaConfigs.json(SMALL.config()), InitialWeights.create(SMALL, 5), null, CPU);
  }

  private static DecoderModel stories() {
    return DecoderModel.load(SharedFiles.require("models/stories260K"), CPU);
  }

  private static double logProb(DecoderModel model, int next) {
    return model
        .logProbabilities(List.of(Continuation.of(Prompt.tokens(5, 6, 7), TokenIds.of(next))))
        .get(0)
        .sum();
  }

  @Test
  void anEditedWeightChangesTheNextTokenAndTheBaseStays() {
    try (DecoderModel base = small()) {
      SamplingOptions top = SamplingOptions.builder(1).temperature(0).topLogProbs(5).build();
      Prompt prompt = Prompt.tokens(5, 6, 7);
      Completion before = base.generate(prompt, top);
      String id = base.id();
      String name = SMALL.names().weight(1, Part.DOWN);
      try (DecoderModel edited =
          base.edit(
              name,
              values -> {
                for (int i = 0; i < values.length; i++) {
                  values[i] = (i % 3 - 1) * 2f;
                }
                return values;
              })) {
        Completion after = edited.generate(prompt, top);
        assertThat(after.topLogProbs()).isNotEqualTo(before.topLogProbs());
        assertThat(edited.id()).isNotEqualTo(id);
        assertThat(edited.weights().get(SMALL.names().tokenEmbedding()))
            .isSameAs(base.weights().get(SMALL.names().tokenEmbedding()));
      }
      assertThat(base.generate(prompt, top).topLogProbs()).isEqualTo(before.topLogProbs());
      assertThat(base.id()).isEqualTo(id);
      assertThatThrownBy(() -> base.edit(name, values -> new float[3]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("must give 2048 values but gave 3");
    }
  }

  @Test
  void anAdapterActsAsItsMergedWeights() {
    String weight = SMALL.names().weight(0, Part.QUERY);
    LoraAdapter zero =
        LoraAdapter.initial(Lora.rank(3), java.util.Map.of(weight, new LinearShape(32, 32)));
    org.alignment4j.runtime.train.FlatParameters parameters = zero.toParameters();
    java.nio.FloatBuffer b = parameters.slice(LoraAdapter.bName(weight));
    for (int i = 0; i < b.limit(); i++) {
      b.put(i, 0.3f * (i % 5 - 2));
    }
    LoraAdapter trained = zero.withParameters(parameters);
    try (DecoderModel base = small();
        DecoderModel same = base.withAdapter(zero);
        DecoderModel adapted = base.withAdapter(trained);
        DecoderModel merged = adapted.merged()) {
      assertThat(logProb(same, 9)).isEqualTo(logProb(base, 9));
      assertThat(logProb(adapted, 9)).isNotCloseTo(logProb(base, 9), within(1e-3));
      assertThat(logProb(merged, 9)).isCloseTo(logProb(adapted, 9), within(1e-5));
      assertThat(merged.generate(Prompt.tokens(5, 6, 7), SamplingOptions.greedy(8)).tokens())
          .isEqualTo(adapted.generate(Prompt.tokens(5, 6, 7), SamplingOptions.greedy(8)).tokens());
      assertThat(adapted.id()).isNotEqualTo(base.id());
      assertThatThrownBy(() -> adapted.save(folder.resolve("a")))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("merged()");
      LoraAdapter wide =
          LoraAdapter.initial(Lora.rank(3), java.util.Map.of(weight, new LinearShape(16, 32)));
      assertThatThrownBy(() -> base.withAdapter(wide))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("must fit its shape [32, 32] but is of a weight of shape [32, 16]");
    }
  }

  @Test
  void aSavedModelComesBack() {
    try (DecoderModel model = stories()) {
      model.save(folder.resolve("copy"));
      try (DecoderModel copy = DecoderModel.load(folder.resolve("copy"), CPU)) {
        assertThat(copy.id()).isEqualTo(model.id());
        assertThat(copy.generate(Prompt.text("Once"), SamplingOptions.greedy(10)).text())
            .isEqualTo(model.generate(Prompt.text("Once"), SamplingOptions.greedy(10)).text());
      }
    }
  }

  @Test
  void viewsOutliveTheBaseAndClosedModelsRefuse() {
    DecoderModel base = small();
    DecoderModel view = base.edit(SMALL.names().finalNormWeight(), v -> v);
    double expected = logProb(base, 9);
    base.close();
    base.close();
    assertThat(logProb(view, 9)).isEqualTo(expected);
    assertThatThrownBy(() -> logProb(base, 9))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("must be open but is closed");
    assertThatThrownBy(() -> base.edit(SMALL.names().finalNormWeight(), v -> v))
        .isInstanceOf(IllegalStateException.class);
    view.close();
    assertThatThrownBy(() -> logProb(view, 9)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void closeWaitsForCallsInFlight() throws Exception {
    DecoderModel model = small();
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    ExecutorService pool = Executors.newFixedThreadPool(2);
    try {
      Future<Completion> call =
          pool.submit(
              () ->
                  model.stream(
                      Prompt.tokens(5),
                      SamplingOptions.builder(5).temperature(0).ignoreEos(true).build(),
                      token -> {
                        assertThatThrownBy(model::close)
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("from within its own call");
                        inside.countDown();
                        await(go);
                      }));
      await(inside);
      Future<?> closing = pool.submit(model::close);
      assertThat(closing.isDone()).isFalse();
      go.countDown();
      assertThat(call.get(60, TimeUnit.SECONDS).tokens().size()).isEqualTo(5);
      closing.get(60, TimeUnit.SECONDS);
      assertThatThrownBy(() -> logProb(model, 9)).isInstanceOf(IllegalStateException.class);
    } finally {
      pool.shutdownNow();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void modelsCanBeOpenedAndClosedManyTimes() {
    double first = Double.NaN;
    for (int i = 0; i < 100; i++) {
      try (DecoderModel model = small()) {
        double value = logProb(model, 9);
        assertThat(i == 0 ? value : first).isEqualTo(value);
        first = value;
      }
    }
  }

  @Test
  void concurrentCallsEqualSerialOnes() throws Exception {
    try (DecoderModel model = stories()) {
      List<Prompt> prompts =
          List.of(Prompt.text("Once upon a time"), Prompt.text("Tom"), Prompt.text("The big dog"));
      SamplingOptions options =
          SamplingOptions.builder(24).temperature(0.9).topP(0.95).seed(3).logProbs(true).build();
      List<Completion> expected = model.generate(prompts, options);
      ExecutorService pool = Executors.newFixedThreadPool(4);
      try {
        List<Future<List<Completion>>> calls = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          calls.add(pool.submit(() -> model.generate(prompts, options)));
        }
        for (Future<List<Completion>> call : calls) {
          List<Completion> found = call.get(60, TimeUnit.SECONDS);
          for (int p = 0; p < prompts.size(); p++) {
            assertThat(found.get(p).tokens()).isEqualTo(expected.get(p).tokens());
            assertThat(found.get(p).logProbs()).isEqualTo(expected.get(p).logProbs());
          }
        }
      } finally {
        pool.shutdownNow();
      }
    }
  }

  @Test
  void randomNumbersDependOnSeedAndIndexOnly() {
    try (DecoderModel model = stories()) {
      SamplingOptions options = SamplingOptions.sampling(30, 11);
      Prompt prompt = Prompt.text("One day");
      Completion alone = model.generate(prompt, options);
      List<Completion> several =
          model.generate(
              List.of(prompt, Prompt.text("A much longer prompt, you see"), prompt), options);
      assertThat(several.get(0).tokens()).isEqualTo(alone.tokens());
      assertThat(several.get(2).tokens()).isNotEqualTo(alone.tokens());
      assertThat(model.generate(prompt, SamplingOptions.sampling(30, 12)).tokens())
          .isNotEqualTo(alone.tokens());
    }
  }

  @Test
  void streamedTextIsTheCompletionAndStopStringsEndIt() {
    try (DecoderModel model = stories()) {
      List<StreamedToken> heard = new ArrayList<>();
      SamplingOptions options =
          SamplingOptions.builder(80).temperature(0).stopStrings("red ball").build();
      Completion completion = model.stream(Prompt.text("Once upon"), options, heard::add);
      assertThat(completion.finishReason()).isEqualTo(FinishReason.STOP_STRING);
      assertThat(completion.text()).startsWith(" a time").doesNotContain("red ball");
      StringBuilder text = new StringBuilder();
      heard.forEach(t -> text.append(t.text()));
      assertThat(text).hasToString(completion.text());
      assertThat(heard).hasSize(completion.tokens().size());
      assertThat(heard.get(3).id()).hasValue(completion.tokens().get(3));
    }
  }

  @Test
  void conversationsContinueAfterTheGenerationPrompt() {
    try (DecoderModel model = stories()) {
      Prompt chat = Prompt.chat(Message.user("Tell me a story."));
      String rendered = model.chatTemplate().promptText(List.of(Message.user("Tell me a story.")));
      assertThat(model.generate(chat, SamplingOptions.greedy(5)).tokens())
          .isEqualTo(model.generate(Prompt.text(rendered), SamplingOptions.greedy(5)).tokens());
      ContinuationScore score = model.logProbabilities(chat, "Once upon a time");
      assertThat(model.tokenizer().decode(score.tokens())).endsWith("Once upon a time");
      assertThat(score.sum())
          .isCloseTo(
              model.logProbabilities(Prompt.text(rendered), " Once upon a time").sum(),
              within(1e-9));
    }
  }

  @Test
  void cancellationStopsAtTheNextToken() {
    try (DecoderModel model = small()) {
      Cancellation cancellation = new Cancellation();
      List<StreamedToken> heard = new ArrayList<>();
      assertThatThrownBy(
              () ->
                  model.stream(
                      List.of(Prompt.tokens(5)),
                      SamplingOptions.builder(40).temperature(0).ignoreEos(true).build(),
                      token -> {
                        heard.add(token);
                        if (heard.size() == 3) {
                          cancellation.cancel();
                        }
                      },
                      cancellation))
          .isInstanceOf(CancelledException.class);
      assertThat(heard).hasSize(3);
      assertThatThrownBy(
              () ->
                  model.logProbabilities(
                      List.of(Continuation.of(Prompt.tokens(5), TokenIds.of(6))), cancellation))
          .isInstanceOf(CancelledException.class);
      assertThat(model.generate(List.of(), SamplingOptions.greedy(3), CancellationToken.none()))
          .isEmpty();
    }
  }

  @Test
  void theContextEndsACompletion() {
    try (DecoderModel model = small()) {
      int[] prompt = new int[46];
      java.util.Arrays.fill(prompt, 9);
      SamplingOptions options = SamplingOptions.builder(40).temperature(0).ignoreEos(true).build();
      Completion completion = model.generate(Prompt.tokens(prompt), options);
      assertThat(completion.tokens().size()).isEqualTo(2);
      assertThat(completion.finishReason()).isEqualTo(FinishReason.LENGTH);
      assertThatThrownBy(() -> model.generate(Prompt.tokens(new int[48]), options))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("context of 48 tokens but the prompt has 48");
    }
  }

  @Test
  void refusesWhatTheModelCannotRead() {
    try (DecoderModel model = small()) {
      SamplingOptions options = SamplingOptions.greedy(3);
      assertThatThrownBy(() -> model.generate(Prompt.tokens(5, 120), options))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("below the vocabulary's 120 but the one at index 1 was 120");
      assertThatThrownBy(
              () ->
                  model.logProbabilities(
                      List.of(Continuation.of(Prompt.tokens(5), TokenIds.of(6, 121)))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("index 1 was 121");
      assertThatThrownBy(() -> model.generate(Prompt.tokens(), options))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("at least one token");
      assertThatThrownBy(() -> model.generate(Prompt.text("hello"), options))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("tokenizer.json");
      assertThatThrownBy(
              () ->
                  model.generate(
                      Prompt.tokens(5), SamplingOptions.builder(3).stopStrings("x").build()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("stopStrings");
      assertThatThrownBy(model::tokenizer)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("no tokenizer");
      assertThat(model.generate(Prompt.tokens(5), options).text()).isEmpty();
    }
  }

  @Test
  void refusesATokenizerBeyondTheEmbedding() throws Exception {
    Path stories = SharedFiles.require("models/stories260K");
    Path target = folder.resolve("disagree");
    Files.createDirectories(target);
    Files.copy(stories.resolve("tokenizer.json"), target.resolve("tokenizer.json"));
    assertThatThrownBy(
            () ->
                DecoderModel.of(
                    LlamaConfigs.json(SMALL.config()),
                    InitialWeights.create(SMALL, 5),
                    target,
                    CPU))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("token ids up to 511 but the model's embedding has only 120 rows");
  }

  @Test
  void continuationsOfOnePromptEqualThoseScoredAlone() {
    try (DecoderModel model = small()) {
      List<Continuation> together = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        int[] tokens = new int[1 + i % 5];
        java.util.Arrays.fill(tokens, 10 + i);
        Prompt prompt =
            i % 3 == 0 ? Prompt.tokens(5, 6, 7) : Prompt.tokens(8, 9, 10, 11, 4 + i % 2);
        together.add(Continuation.of(prompt, TokenIds.of(tokens)));
      }
      List<ContinuationScore> scores = model.logProbabilities(together);
      for (int i = 0; i < together.size(); i++) {
        ContinuationScore alone = model.logProbabilities(List.of(together.get(i))).get(0);
        assertThat(scores.get(i).tokens()).isEqualTo(alone.tokens());
        assertThat(scores.get(i).greedy()).isEqualTo(alone.greedy());
        for (int t = 0; t < alone.logProbs().size(); t++) {
          assertThat(scores.get(i).logProbs().get(t))
              .isCloseTo(alone.logProbs().get(t), within(1e-5));
        }
      }
    }
  }

  @Test
  void scoresOfATokenSumToOneAndPromptsAreCutFromTheLeft() {
    try (DecoderModel model = small()) {
      List<Continuation> all = new ArrayList<>();
      for (int v = 0; v < 120; v++) {
        all.add(Continuation.of(Prompt.tokens(5, 6), TokenIds.of(v)));
      }
      List<ContinuationScore> scores = model.logProbabilities(all);
      assertThat(scores.stream().mapToDouble(s -> Math.exp(s.sum())).sum())
          .isCloseTo(1, within(1e-5));
      assertThat(scores.stream().filter(ContinuationScore::greedy)).hasSize(1);

      int[] longPrompt = new int[60];
      java.util.Arrays.setAll(longPrompt, i -> i + 3);
      ContinuationScore cut =
          model
              .logProbabilities(
                  List.of(Continuation.of(Prompt.tokens(longPrompt), TokenIds.of(9, 10, 11))))
              .get(0);
      assertThat(cut.truncatedPromptTokens()).isEqualTo(60 + 2 - 48);
      assertThatThrownBy(
              () ->
                  model.logProbabilities(
                      List.of(Continuation.of(Prompt.tokens(5), TokenIds.of(new int[49])))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("context of 48 tokens but has 49");
    }
  }
}
