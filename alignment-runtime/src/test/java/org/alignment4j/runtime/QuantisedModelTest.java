package org.alignment4j.runtime;

import static org.alignment4j.api.hook.Edits.scale;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.HookKind;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.hook.Intervention;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.ContinuationScore;
import org.alignment4j.api.model.LikelihoodModel;
import org.alignment4j.api.model.LogProbs;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.Quantisation.Scope;
import org.alignment4j.runtime.architecture.DecoderConfig;
import org.alignment4j.runtime.architecture.Parameter;
import org.alignment4j.runtime.architecture.ParameterNames.Part;
import org.alignment4j.runtime.checkpoint.BlockFormat.Activations;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.engine.Instrumentation;
import org.alignment4j.runtime.generate.DecodeSession;
import org.alignment4j.runtime.generate.DecodeSessions;
import org.alignment4j.runtime.train.Lora;
import org.alignment4j.runtime.train.Trainable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A quantised model is the float32 model of the values that its levels stand for. */
class QuantisedModelTest {

  private static final double TOLERANCE = 1e-4;
  private static final String NAMES = "org.alignment4j.runtime.QuantisedFamilies#names";
  private static final int STEPS = 5;
  private static final int[] LENGTHS = {14, 9};

  private static List<int[]> sequences() {
    return List.of(
        RotaryFamilies.tokens(LENGTHS[0], 1, 43), RotaryFamilies.tokens(LENGTHS[1], 2, 43));
  }

  private static List<ContinuationScore> scores(LikelihoodModel model) {
    return model.logProbabilities(
        sequences().stream()
            .map(
                s ->
                    Continuation.of(
                        Prompt.tokens(s[0]), TokenIds.of(Arrays.copyOfRange(s, 1, s.length))))
            .toList());
  }

  private static List<LogProbs> logProbs(LikelihoodModel model) {
    return scores(model).stream().map(ContinuationScore::logProbs).toList();
  }

  private static double distance(LikelihoodModel a, LikelihoodModel b) {
    double worst = 0;
    List<ContinuationScore> first = scores(a);
    List<ContinuationScore> second = scores(b);
    for (int i = 0; i < first.size(); i++) {
      for (int t = 0; t < first.get(i).logProbs().size(); t++) {
        double difference = first.get(i).logProbs().get(t) - second.get(i).logProbs().get(t);
        worst = Math.max(worst, Math.abs(difference));
      }
    }
    return worst;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource(NAMES)
  void scoresAndTextsAreThoseOfTheDequantisedModel(String name) {
    for (Quantisation quantisation : QuantisedFamilies.quantisations(name)) {
      try (DecoderModel base = QuantisedFamilies.model(name);
          DecoderModel model = base.quantised(quantisation);
          DecoderModel floats = model.dequantised()) {
        assertThat(distance(model, floats)).as("%s", quantisation).isLessThan(TOLERANCE);
        assertThat(distance(model, base)).as("%s", quantisation).isGreaterThan(TOLERANCE);
        decodes(
            DecodeSessions.cached(model.instance(), Instrumentation.none()),
            DecodeSessions.cached(floats.instance(), Instrumentation.none()));
        decodes(
            DecodeSessions.of(model.instance(), Instrumentation.none()),
            DecodeSessions.of(floats.instance(), Instrumentation.none()));
        SamplingOptions greedy =
            SamplingOptions.builder(STEPS).temperature(0).ignoreEos(true).build();
        List<Prompt> prompts = List.of(Prompt.tokens(5, 6, 7), Prompt.tokens(9));
        assertThat(model.generate(prompts, greedy).stream().map(Completion::tokens))
            .containsExactlyElementsOf(
                floats.generate(prompts, greedy).stream().map(Completion::tokens).toList());
      }
    }
  }

  private static void decodes(DecodeSession.Factory quantised, DecodeSession.Factory floats) {
    try (DecodeSession model = quantised.open(new int[] {0, 1}, 32);
        DecodeSession expected = floats.open(new int[] {0, 1}, 32)) {
      same(model.prefill(sequences()), expected.prefill(sequences()));
      for (int s = 0; s < STEPS; s++) {
        int[] next = {3 + s, 20 + s};
        same(model.step(next), expected.step(next));
      }
    }
  }

  private static void same(float[] found, float[] expected) {
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < found.length; i++) {
      assertThat(found[i]).isCloseTo(expected[i], within((float) TOLERANCE));
    }
  }

  /** Edits whose graphs read whole weights rather than products, and one that does not. */
  @ParameterizedTest(name = "{0}")
  @MethodSource(NAMES)
  void interventionsActAsOnTheDequantisedModel(String name) {
    Quantisation quantisation = Quantisation.int4(32).scope(Scope.BLOCKS_AND_EMBEDDINGS);
    try (DecoderModel base = QuantisedFamilies.model(name);
        DecoderModel model = base.quantised(quantisation);
        DecoderModel floats = model.dequantised()) {
      for (HookKind kind : List.of(HookKind.RESULT, HookKind.Q_INPUT, HookKind.MLP_OUT)) {
        List<Intervention<?>> edit = List.of(scale(kind.point(0), -0.5));
        HookedModel edited = model.with(edit);
        assertThat(distance(edited, floats.with(edit))).as("%s", kind).isLessThan(TOLERANCE);
        assertThat(distance(edited, model)).as("%s", kind).isGreaterThan(TOLERANCE);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Scope.class)
  void whatIsQuantisedIsWhatTheScopeSays(Scope scope) {
    for (String name : QuantisedFamilies.names()) {
      try (DecoderModel base = QuantisedFamilies.model(name);
          DecoderModel model = base.quantised(Quantisation.int8(32).scope(scope))) {
        Set<String> expected =
            base.architecture().parameters().stream()
                .filter(
                    p ->
                        switch (p.role()) {
                          case LINEAR_WEIGHT -> p.part() != Part.ROUTER;
                          case TOKEN_EMBEDDING, HEAD, PROJECTION ->
                              scope == Scope.BLOCKS_AND_EMBEDDINGS;
                          default -> false;
                        })
                .map(Parameter::name)
                .collect(Collectors.toSet());
        assertThat(new HashSet<>(model.weights().quantised().keySet()))
            .as(name)
            .isEqualTo(expected);
        assertThat(model.weights().names()).as(name).isEqualTo(base.weights().names());
        assertThat(model.weights().parameterCount()).isEqualTo(base.weights().parameterCount());
      }
    }
  }

  /** Eight bits of activations: near the same model, in scoring and in decoding alike. */
  @Test
  void integerActivationsAreAnErrorOfTheirOwn() {
    Quantisation exact = Quantisation.int8(32);
    try (DecoderModel base = QuantisedFamilies.model("gpt2");
        DecoderModel model = base.quantised(exact);
        DecoderModel fast = base.quantised(exact.activations(Activations.INT8))) {
      assertThat(distance(fast, model)).isBetween(1e-4, 0.2);
      DecodeSession.Factory sessions = DecodeSessions.of(fast.instance(), Instrumentation.none());
      int[] whole = sequences().get(0);
      try (DecodeSession session = sessions.open(new int[] {0}, 32)) {
        float[] logits = session.prefill(List.of(Arrays.copyOf(whole, whole.length - 1)));
        double sum = 0;
        for (float l : logits) {
          sum += Math.exp(l);
        }
        assertThat(scores(fast).get(0).logProbs().get(whole.length - 2))
            .isCloseTo(logits[whole[whole.length - 1]] - Math.log(sum), within(TOLERANCE));
      }
    }
  }

  @Test
  void theModelItWasMadeOfMayBeClosed() {
    DecoderModel base = QuantisedFamilies.model("gpt2");
    DecoderModel model = base.quantised(Quantisation.int4(32));
    List<LogProbs> logProbs = logProbs(model);
    base.close();
    assertThat(logProbs(model)).isEqualTo(logProbs);
    DecoderModel floats = model.dequantised();
    model.close();
    assertThat(logProbs(floats)).hasSameSizeAs(logProbs);
    floats.close();
    assertThatThrownBy(() -> scores(model)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(model::dequantised).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void adaptersAreKeptThroughBothConversions() {
    try (DecoderModel base = QuantisedFamilies.model("gpt2");
        DecoderModel adapted =
            base.withAdapter(
                QuantisedTrainingTest.randomAdapter(base.weights(), base.architecture()));
        DecoderModel model = adapted.quantised(Quantisation.int8(32));
        DecoderModel floats = model.dequantised();
        DecoderModel merged = floats.merged()) {
      assertThat(model.adapter()).isSameAs(adapted.adapter());
      assertThat(distance(model, floats)).isLessThan(TOLERANCE);
      assertThat(distance(model, merged)).isLessThan(TOLERANCE);
      try (DecoderModel bare = base.quantised(Quantisation.int8(32))) {
        assertThat(distance(model, bare)).isGreaterThan(1e-2);
        assertThat(bare.id()).isNotEqualTo(model.id()).isNotEqualTo(base.id());
      }
      assertThatThrownBy(model::merged)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "an adapter cannot be added to quantised weights; merge dequantised(), and quantise"
                  + " the result");
    }
  }

  @Test
  void refusesToTrainOrChangeWhatIsFrozen() {
    try (DecoderModel base = QuantisedFamilies.model("gpt2");
        DecoderModel model = base.quantised(Quantisation.int4(32))) {
      String weight = "transformer.h.0.attn.c_attn.weight";
      Weights weights = model.weights();
      assertThatThrownBy(() -> Trainable.all(weights))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "weights that are trained must be float32 but '"
                  + weight
                  + "' is quantised to 4 bits and frozen; train an adapter of the quantised model,"
                  + " or the float32 model itself");
      assertThatThrownBy(() -> Trainable.weights(weights, weight::equals))
          .hasMessageContaining("'" + weight + "' is quantised to 4 bits and frozen");
      assertThatThrownBy(
              () ->
                  Trainable.adapter(weights, model.architecture(), Lora.rank(2).targets(Part.DOWN))
                      .and(Set.of(weight)))
          .hasMessageContaining("is quantised to 4 bits and frozen");
      assertThatThrownBy(() -> model.edit(weight, v -> v))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "a quantised weight is frozen but '"
                  + weight
                  + "' is to be edited; edit the float32 model, or dequantised(), and quantise the"
                  + " result");
      assertThatThrownBy(() -> model.withWeights(base.weights()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("a quantised model is frozen but its weight '" + weight + "'");
      assertThatThrownBy(() -> base.withWeights(weights))
          .hasMessageContaining("must be float32 but '" + weight + "' is quantised");
      assertThatThrownBy(
              () ->
                  DecoderModel.of(
                      base.source().config(),
                      weights,
                      null,
                      TestModels.CPU.quantised(Quantisation.int8(32))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("is quantised already; load it without a quantisation");
      assertThatThrownBy(() -> model.quantised(Quantisation.int8(32)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "a model must be float32 to be quantised but is quantised already; quantise the"
                  + " float32 model, or dequantised()");
    }
  }

  /** Norms and biases stay float32: they can be edited and trained. */
  @Test
  void whatIsNotQuantisedCanBeEdited() {
    try (DecoderModel base = QuantisedFamilies.model("gpt2");
        DecoderModel model = base.quantised(Quantisation.int4(32));
        DecoderModel edited = model.edit("transformer.ln_f.bias", v -> new float[v.length]);
        DecoderModel floats = model.dequantised();
        DecoderModel expected = floats.edit("transformer.ln_f.bias", v -> new float[v.length])) {
      assertThat(distance(edited, expected)).isLessThan(TOLERANCE);
      assertThat(distance(edited, model)).isGreaterThan(1e-3);
    }
  }

  @Test
  void aClassifierOfAQuantisedModelKeepsItsLevels() {
    try (DecoderModel base = QuantisedFamilies.model("gpt2");
        DecoderModel model = base.quantised(Quantisation.int8(32));
        DecoderModel floats = model.dequantised()) {
      DecoderConfig config = base.architecture().config();
      float[] values = new float[2 * config.hiddenSize()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) Math.sin(i);
      }
      WeightTensor head = WeightTensor.of("h", new long[] {2, config.hiddenSize()}, values);
      try (SequenceClassifier found = SequenceClassifier.of(model, head);
          SequenceClassifier expected = SequenceClassifier.of(floats, head)) {
        assertThat(found.weights().quantised()).hasSameSizeAs(model.weights().quantised());
        List<TokenIds> texts = sequences().stream().map(TokenIds::of).toList();
        for (int i = 0; i < texts.size(); i++) {
          same(
              found.scores(texts, CancellationToken.none()).get(i),
              expected.scores(texts, CancellationToken.none()).get(i));
        }
      }
    }
  }
}
