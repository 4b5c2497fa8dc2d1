package org.alignment4j.runtime;

import static org.alignment4j.api.hook.Edits.add;
import static org.alignment4j.api.hook.HookPoints.embed;
import static org.alignment4j.api.hook.HookPoints.residPost;
import static org.alignment4j.api.hook.HookPoints.residPre;
import static org.alignment4j.runtime.TokenGradients.REQUEST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.hook.Edit;
import org.alignment4j.api.hook.GradientResult;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.hook.Intervention;
import org.alignment4j.api.hook.LogitMetric;
import org.alignment4j.api.hook.Selection;
import org.alignment4j.api.hook.Values;
import org.alignment4j.api.model.GradientModel;
import org.alignment4j.api.model.GradientRequest;
import org.alignment4j.api.model.InputGradients;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.architecture.ParameterNames.Part;
import org.alignment4j.runtime.train.FlatParameters;
import org.alignment4j.runtime.train.Lora;
import org.alignment4j.runtime.train.LoraAdapter;
import org.alignment4j.runtime.train.LoraAdapter.LinearShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Losses of fillings, views and requests of models as {@link GradientModel}s. */
class CandidateLossesTest {

  private static final CancellationToken NEVER = CancellationToken.none();

  static List<String> families() {
    return QuantisedFamilies.names();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("families")
  void lossesAreThoseOfPlainRunsOverWholeSequences(String name) {
    try (DecoderModel model = QuantisedFamilies.model(name)) {
      List<TokenIds> candidates =
          TokenGradients.candidates(9, model.architecture().config().vocabSize());
      assertPlain(model, REQUEST, candidates);
    }
  }

  /** A prefix of many tokens, one that is empty, and slots at the prompt's end. */
  @Test
  void slotsMayBeAnywhere() {
    try (DecoderModel model = TestModels.small()) {
      int[] prompt = new int[44];
      for (int i = 0; i < prompt.length; i++) {
        prompt[i] = 3 + i;
      }
      for (int start : new int[] {0, 1, 20, 39, 40}) {
        for (int target : new int[] {1, 2, 5}) {
          GradientRequest request =
              new GradientRequest(
                  TokenIds.of(prompt),
                  start,
                  start + 4,
                  REQUEST.target().concat(REQUEST.target()).slice(0, target));
          assertPlain(model, request, TokenGradients.candidates(6, 120));
        }
      }
    }
  }

  private static void assertPlain(
      DecoderModel model, GradientRequest request, List<TokenIds> candidates) {
    double[] losses = model.losses(request, candidates, NEVER);
    assertThat(losses).hasSize(candidates.size());
    for (int i = 0; i < losses.length; i++) {
      double plain = TokenGradients.loss(model, request.withSlots(candidates.get(i)));
      assertThat(losses[i])
          .as("candidate %d", i)
          .isCloseTo(plain, within(1e-5 * Math.max(1, plain)));
    }
  }

  @Test
  void lossesDependOnNeitherNumberNorOrder() {
    try (DecoderModel model = TestModels.small()) {
      List<TokenIds> candidates = TokenGradients.candidates(700, 120);
      double[] all = model.losses(REQUEST, candidates, NEVER);
      for (int i = 0; i < candidates.size(); i += 50) {
        double alone = model.losses(REQUEST, candidates.subList(i, i + 1), NEVER)[0];
        assertThat(all[i]).isCloseTo(alone, within(1e-5));
        double[] few = model.losses(REQUEST, candidates.subList(i, i + 3), NEVER);
        assertThat(all[i + 2]).isCloseTo(few[2], within(1e-5));
      }
      assertThat(model.losses(REQUEST, List.of(), NEVER)).isEmpty();
    }
  }

  @Test
  void stepsAgainstTheGradientLowerTheLoss() {
    try (DecoderModel model = TestModels.small()) {
      GradientRequest request = REQUEST;
      double first = model.oneHotGradients(request).loss();
      for (int step = 0; step < 5; step++) {
        InputGradients gradients = model.oneHotGradients(request);
        List<TokenIds> candidates = new ArrayList<>();
        for (int slot = 0; slot < gradients.slots(); slot++) {
          for (int v = 3; v < gradients.width(); v++) {
            int[] tokens = request.prompt().slice(2, 6).toArray();
            if (gradients.get(slot, v) < gradients.get(slot, tokens[slot])) {
              tokens[slot] = v;
              candidates.add(TokenIds.of(tokens));
            }
          }
        }
        double[] losses = model.losses(request, candidates, NEVER);
        int best = 0;
        for (int i = 1; i < losses.length; i++) {
          best = losses[i] < losses[best] ? i : best;
        }
        if (losses[best] < gradients.loss()) {
          request = request.withSlots(candidates.get(best));
        }
      }
      assertThat(model.oneHotGradients(request).loss()).isLessThan(first - 0.02);
    }
  }

  /** Asked before each batch, and stopped at the first answer: no batch runs after it. */
  @Test
  void cancellationStopsAtTheNextBatch() {
    List<TokenIds> candidates = TokenGradients.candidates(3000, 120);
    try (DecoderModel model = TestModels.small()) {
      AtomicInteger asked = new AtomicInteger();
      model.losses(REQUEST, candidates, () -> asked.incrementAndGet() < 0);
      assertThat(asked.get()).as("batches of all").isGreaterThan(3);
      asked.set(0);
      assertThatThrownBy(
              () -> model.losses(REQUEST, candidates, () -> asked.incrementAndGet() == 3))
          .isInstanceOf(CancelledException.class);
      assertThat(asked.get()).isEqualTo(3);
    }
  }

  @Test
  void callsAtTheSameTimeDoNotDisturbEachOther() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (DecoderModel model = TestModels.small()) {
      List<TokenIds> candidates = TokenGradients.candidates(40, 120);
      double[] losses = model.losses(REQUEST, candidates, NEVER);
      InputGradients gradients = model.oneHotGradients(REQUEST);
      List<Future<?>> calls = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        calls.add(
            i % 2 == 0
                ? threads.submit(
                    () ->
                        assertThat(model.losses(REQUEST, candidates, NEVER))
                            .containsExactly(losses, within(1e-5)))
                : threads.submit(
                    () ->
                        assertThat(model.oneHotGradients(REQUEST).row(1))
                            .containsExactly(gradients.row(1), within(1e-5f))));
      }
      for (Future<?> call : calls) {
        call.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static void same(GradientModel actual, GradientModel expected, double tolerance) {
    List<TokenIds> candidates = TokenGradients.candidates(5, 120);
    assertThat(actual.losses(REQUEST, candidates, NEVER))
        .containsExactly(expected.losses(REQUEST, candidates, NEVER), within(tolerance));
    InputGradients a = actual.oneHotGradients(REQUEST);
    InputGradients b = expected.oneHotGradients(REQUEST);
    InputGradients c = actual.embeddingGradients(REQUEST);
    InputGradients d = expected.embeddingGradients(REQUEST);
    assertThat(a.loss()).isCloseTo(b.loss(), within(tolerance));
    for (int slot = 0; slot < 4; slot++) {
      assertThat(a.row(slot)).containsExactly(b.row(slot), within((float) tolerance));
      assertThat(c.row(slot)).containsExactly(d.row(slot), within((float) tolerance));
    }
  }

  private static double difference(GradientModel a, GradientModel b) {
    return Math.abs(a.oneHotGradients(REQUEST).loss() - b.oneHotGradients(REQUEST).loss());
  }

  @Test
  void quantisedModelsHaveThoseOfTheValuesTheirLevelsStandFor() {
    try (DecoderModel base = TestModels.small();
        DecoderModel quantised = base.quantised(Quantisation.int4(32));
        DecoderModel floats = quantised.dequantised()) {
      same(quantised, floats, 1e-5);
      assertThat(difference(quantised, base)).isGreaterThan(1e-4);
    }
  }

  @Test
  void adaptedModelsHaveThoseOfTheirMergedWeights() {
    String weight = TestModels.SMALL.names().weight(0, Part.QUERY);
    LoraAdapter zero = LoraAdapter.initial(Lora.rank(3), Map.of(weight, new LinearShape(32, 32)));
    FlatParameters parameters = zero.toParameters();
    FloatBuffer b = parameters.slice(LoraAdapter.bName(weight));
    for (int i = 0; i < b.limit(); i++) {
      b.put(i, 0.3f * (i % 5 - 2));
    }
    try (DecoderModel base = TestModels.small();
        DecoderModel adapted = base.withAdapter(zero.withParameters(parameters));
        DecoderModel merged = adapted.merged()) {
      same(adapted, merged, 1e-5);
      assertThat(difference(adapted, base)).isGreaterThan(1e-4);
    }
  }

  @Test
  void intervenedModelsHaveThoseOfRunsThatIntervene() {
    float[] direction = new float[32];
    for (int i = 0; i < direction.length; i++) {
      direction[i] = (float) Math.sin(0.7 * i);
    }
    Intervention<?> edit = add(residPost(0), Values.vector(direction), 2);
    try (DecoderModel base = TestModels.small()) {
      HookedModel changed = base.with(edit);
      GradientModel model = (GradientModel) changed;
      TokenIds read = REQUEST.prompt().concat(REQUEST.target().slice(0, 2));
      LogitMetric metric =
          LogitMetric.logProbability(REQUEST.prompt().concat(REQUEST.target()), 10).times(-1.0 / 3);
      GradientResult run = base.forward(read).with(List.of(edit)).gradients(metric, embed());
      InputGradients gradients = model.embeddingGradients(REQUEST);
      assertThat(gradients.loss()).isCloseTo(run.metric()[0], within(1e-5));
      Values expected = run.gradients().values(embed());
      for (int slot = 0; slot < 4; slot++) {
        for (int i = 0; i < 32; i++) {
          assertThat(gradients.get(slot, i))
              .isCloseTo((float) expected.get(0, 2 + slot, i), within(1e-5f));
        }
      }
      assertThat(difference(model, base)).isGreaterThan(1e-3);
      double[] losses =
          model.losses(
              REQUEST, List.of(REQUEST.prompt().slice(2, 6), TokenIds.of(9, 9, 9, 9)), NEVER);
      assertThat(losses[0]).isCloseTo(gradients.loss(), within(1e-5));
      HookedModel function =
          base.with(
              new Intervention<>(
                  residPre(1), Selection.ALL, new Edit.Custom((array, call) -> array.mul(2))));
      assertThatThrownBy(() -> ((GradientModel) function).oneHotGradients(REQUEST))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("Java function");
    }
  }

  @Test
  void refusesRequestsThatDoNotFitTheModel() {
    try (DecoderModel model = TestModels.small()) {
      TokenIds slots = TokenIds.of(3, 4, 5, 6);
      GradientRequest unknown = new GradientRequest(TokenIds.of(5, 6, 120), 0, 1, TokenIds.of(7));
      refused(model, unknown, "below the vocabulary's 120", "the prompt has 120 at index 2");
      refused(
          model,
          new GradientRequest(TokenIds.of(5, 6), 0, 1, TokenIds.of(7, 500)),
          "the target has 500 at index 1");
      refused(
          model,
          new GradientRequest(TokenIds.of(new int[40]), 0, 1, TokenIds.of(new int[10])),
          "context of 48 tokens",
          "exceed it by 1",
          "shorten");
      assertThat(
              model
                  .oneHotGradients(
                      new GradientRequest(TokenIds.of(new int[40]), 0, 1, TokenIds.of(new int[9])))
                  .loss())
          .isPositive();
      assertThatThrownBy(() -> model.losses(REQUEST, List.of(slots, TokenIds.of(3, 4, 5)), NEVER))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("fill 4 slots but candidate 1 has 3 tokens");
      assertThatThrownBy(
              () -> model.losses(REQUEST, List.of(slots, TokenIds.of(3, 4, 5, 121)), NEVER))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("candidate 1 has 121 at index 3");
      assertThatThrownBy(() -> new GradientRequest(TokenIds.of(1, 2), 1, 3, TokenIds.of(7)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("within the prompt's 2 tokens");
      assertThatThrownBy(() -> new GradientRequest(TokenIds.of(1, 2), 0, 1, TokenIds.empty()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("target must not be empty");
    }
  }

  private static void refused(DecoderModel model, GradientRequest request, String... parts) {
    List<TokenIds> one = List.of(request.prompt().slice(0, 1));
    assertThatThrownBy(() -> model.oneHotGradients(request))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(parts);
    assertThatThrownBy(() -> model.embeddingGradients(request))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(parts);
    assertThatThrownBy(() -> model.losses(request, one, NEVER))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(parts);
  }

  @Test
  void aClosedModelSaysSo() {
    DecoderModel model = TestModels.small();
    model.close();
    assertThatThrownBy(() -> model.oneHotGradients(REQUEST))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }
}
