package org.alignment4j.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.alignment4j.runtime.PeftFamiliesTest.Variant;
import org.alignment4j.runtime.Quantisation.Scope;
import org.alignment4j.runtime.checkpoint.BlockFormat.Activations;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.engine.BoundWeights;
import org.alignment4j.runtime.engine.Instrumentation;
import org.alignment4j.runtime.generate.DecodeSession;
import org.alignment4j.runtime.generate.DecodeSessions;
import org.alignment4j.runtime.peft.PeftAdapter;
import org.alignment4j.runtime.train.FlatLayout;
import org.alignment4j.runtime.train.LabelLogProbs;
import org.alignment4j.runtime.train.LearningRateSchedule;
import org.alignment4j.runtime.train.Lora;
import org.alignment4j.runtime.train.LoraAdapter;
import org.alignment4j.runtime.train.MicroBatch;
import org.alignment4j.runtime.train.Trainable;
import org.alignment4j.runtime.train.Trainer;
import org.alignment4j.runtime.train.TrainingContext;
import org.alignment4j.runtime.train.TrainingNoise;
import org.alignment4j.runtime.train.TrainingOptions;
import org.alignment4j.runtime.train.TrainingResult;
import org.alignment4j.runtime.train.TrainingStep;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Adapter folders over weights of 8 and of 4 bits: the adapter does there what it does over the
 * float32 model of the values that the levels stand for.
 */
class QuantisedAdapterTest extends TinyTraining {

  private static final double TOLERANCE = 1e-4;
  private static final int SCORED = 20;

  @TempDir private Path folder = Path.of("");

  private static List<Quantisation> quantisations() {
    return List.of(
        Quantisation.int8(32),
        Quantisation.int4(32),
        Quantisation.int8(64).scope(Scope.BLOCKS_AND_EMBEDDINGS),
        Quantisation.int4(32).scope(Scope.BLOCKS_AND_EMBEDDINGS));
  }

  /** Weights stored either way, fused ones, experts, and projections beside the embeddings. */
  static Stream<Map<String, Object>> models() {
    return Stream.of(
            "gpt2",
            "gpt_neox",
            "opt, narrow embeddings",
            "phi3 [sliding_window",
            "mixtral [num_local_experts, 3",
            "llama [attention_bias")
        .map(QuantisedAdapterTest::keys);
  }

  private static Map<String, Object> keys(String name) {
    return QuantisedFamilies.configurations().entrySet().stream()
        .filter(e -> e.getKey().startsWith(name))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElseThrow();
  }

  static Stream<Arguments> cases() {
    return models().flatMap(keys -> Stream.of(Variant.values()).map(v -> Arguments.of(keys, v)));
  }

  private static DecoderModel model(Map<String, Object> keys) {
    ConfigJson config = RandomModels.config(keys);
    return DecoderModel.of(config, RotaryFamilies.weights(config, 0.25), null, TestModels.CPU);
  }

  /** A folder as PEFT writes it, of every linear module. */
  private Map<String, PeftFolders.Entry> write(
      Map<String, Object> keys, Weights base, Variant variant) throws IOException {
    List<String> modules = PeftFolders.modules(keys);
    Map<String, PeftFolders.Entry> tensors =
        PeftFamiliesTest.tensors(modules, base, inOut(keys), variant);
    PeftFolders.write(folder, variant.config(modules), tensors, "F32");
    return tensors;
  }

  private static boolean inOut(Map<String, Object> keys) {
    return keys.get("model_type").equals("gpt2");
  }

  private static double distance(float[] a, float[] b) {
    assertThat(a).hasSameSizeAs(b);
    double worst = 0;
    for (int i = 0; i < a.length; i++) {
      worst = Math.max(worst, Math.abs(a[i] - b[i]));
    }
    return worst;
  }

  /** Against the same adapter over float32 weights, and against W' computed in float64. */
  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("cases")
  void adapterFoldersActAsOverTheDequantisedModel(Map<String, Object> keys, Variant variant)
      throws IOException {
    for (Quantisation quantisation : quantisations()) {
      try (DecoderModel base = model(keys);
          DecoderModel model = base.quantised(quantisation);
          DecoderModel floats = model.dequantised()) {
        Map<String, PeftFolders.Entry> tensors = write(keys, base.weights(), variant);
        Weights merged =
            floats
                .weights()
                .with(
                    PeftFamiliesTest.merged(
                        PeftFolders.modules(keys),
                        floats.weights(),
                        inOut(keys),
                        variant,
                        tensors));
        PeftAdapter adapter = PeftAdapter.read(folder, model.architecture());
        try (DecoderModel view = model.withAdapter(adapter);
            DecoderModel expected =
                floats.withAdapter(PeftAdapter.read(folder, floats.architecture()));
            DecoderModel oracle = floats.withWeights(merged);
            DecoderModel plain = view.withoutAdapter()) {
          float[] scores = PeftFamiliesTest.scores(view);
          assertThat(distance(scores, PeftFamiliesTest.scores(expected)))
              .as("%s", quantisation)
              .isLessThan(TOLERANCE);
          assertThat(distance(scores, PeftFamiliesTest.scores(oracle)))
              .as("%s", quantisation)
              .isLessThan(TOLERANCE);
          assertThat(distance(scores, PeftFamiliesTest.scores(model))).isGreaterThan(1e-2);
          assertThat(PeftFamiliesTest.scores(plain)).isEqualTo(PeftFamiliesTest.scores(model));
          decodes(view, oracle);
          view.saveAdapter(folder.resolve("saved"));
          assertThat(
                  PeftAdapter.read(folder.resolve("saved"), base.architecture())
                      .lora()
                      .tensors()
                      .contentHash())
              .isEqualTo(adapter.lora().tensors().contentHash());
        }
        var layout = model.architecture().config().linear();
        Weights joined = adapter.lora().mergedInto(model.weights(), layout);
        Weights restored = adapter.lora().unmergedFrom(joined, model.weights(), layout);
        assertThat(restored.stored()).containsExactlyInAnyOrderElementsOf(model.weights().stored());
      }
    }
  }

  private static void decodes(DecoderModel model, DecoderModel floats) {
    try (DecodeSession found = session(model);
        DecodeSession expected = session(floats)) {
      List<int[]> prompts = List.of(new int[] {5, 9, 3, 7}, new int[] {11, 4});
      assertThat(distance(found.prefill(prompts), expected.prefill(prompts))).isLessThan(TOLERANCE);
      for (int s = 0; s < 3; s++) {
        int[] next = {3 + s, 20 + s};
        assertThat(distance(found.step(next), expected.step(next))).isLessThan(TOLERANCE);
      }
    }
  }

  private static DecodeSession session(DecoderModel model) {
    return DecodeSessions.of(model.instance(), Instrumentation.none()).open(new int[] {0, 1}, 16);
  }

  /** Packed integer products round activations; the adapter is a change all the same. */
  @ParameterizedTest
  @EnumSource(Variant.class)
  void integerActivationsKeepTheAdapter(Variant variant) throws IOException {
    Map<String, Object> keys = keys("gpt2");
    try (DecoderModel base = model(keys);
        DecoderModel model = base.quantised(Quantisation.int8(32).activations(Activations.INT8));
        DecoderModel floats = model.dequantised()) {
      write(keys, base.weights(), variant);
      PeftAdapter adapter = PeftAdapter.read(folder, model.architecture());
      try (DecoderModel view = model.withAdapter(adapter);
          DecoderModel expected = floats.withAdapter(adapter)) {
        float[] scores = PeftFamiliesTest.scores(view);
        assertThat(distance(scores, PeftFamiliesTest.scores(expected))).isBetween(1e-5, 0.2);
        assertThat(distance(scores, PeftFamiliesTest.scores(model))).isGreaterThan(0.3);
      }
    }
  }

  /** Magnitudes start at the norms of the dequantised weights, so that nothing changes. */
  @ParameterizedTest
  @MethodSource("models")
  void newMagnitudesChangeNothing(Map<String, Object> keys) {
    for (Quantisation quantisation : quantisations()) {
      try (DecoderModel base = model(keys);
          DecoderModel model = base.quantised(quantisation)) {
        LoraAdapter start =
            Trainable.adapter(
                    model.weights(), model.architecture(), Lora.rank(2).weightDecomposed())
                .start();
        start
            .matrices()
            .forEach(
                (name, pair) -> {
                  WeightTensor weight = model.weights().get(name);
                  double squares = 0;
                  for (int i = 0; i < pair.in(); i++) {
                    double w = weight.data().get(inOut(keys) ? i * pair.out() : i);
                    squares += w * w;
                  }
                  assertThat((double) Objects.requireNonNull(pair.magnitude()).data().get(0))
                      .as(name)
                      .isCloseTo(Math.sqrt(squares), within(1e-6));
                });
        try (DecoderModel view = model.withAdapter(start)) {
          assertThat(distance(PeftFamiliesTest.scores(view), PeftFamiliesTest.scores(model)))
              .isLessThan(1e-5);
        }
      }
    }
  }

  private static MicroBatch batch() {
    return micro(
        List.of(RotaryFamilies.tokens(12, 1, 43), RotaryFamilies.tokens(10, 2, 43)), SCORED);
  }

  private static TrainingStep step(DecoderModel model, LoraAdapter start, TrainingNoise noise) {
    return new TrainingStep(
        model.engine(),
        new Trainable.Adapter(model.weights(), start),
        new Nll(),
        noise,
        Runnable::run,
        1);
  }

  /** With and without dropout of what adapters read, which magnitudes read apart. */
  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("cases")
  void gradientsAreThoseOverTheDequantisedModel(Map<String, Object> keys, Variant variant)
      throws IOException {
    for (Quantisation quantisation : quantisations()) {
      try (DecoderModel base = model(keys);
          DecoderModel model = base.quantised(quantisation);
          DecoderModel floats = model.dequantised()) {
        write(keys, base.weights(), variant);
        LoraAdapter start = PeftAdapter.read(folder, model.architecture()).lora();
        for (double dropped : new double[] {0, 0.3}) {
          TrainingNoise noise = TrainingNoise.none().adapterDropout(dropped);
          try (TrainingStep found = step(model, start, noise);
              TrainingStep expected = step(floats, start, noise)) {
            double loss = expected.run(List.of(batch())).loss();
            assertThat(found.run(List.of(batch())).loss()).isCloseTo(loss, within(TOLERANCE));
            for (FlatLayout.Slot slot : found.parameters().layout().slots()) {
              same(
                  quantisation + " " + slot.name(),
                  found.gradients().slice(slot.name()),
                  expected.gradients().slice(slot.name()));
            }
          }
        }
      }
    }
  }

  private static void same(String what, FloatBuffer found, FloatBuffer expected) {
    double most = 0;
    for (int i = 0; i < expected.limit(); i++) {
      most = Math.max(most, Math.abs(expected.get(i)));
    }
    for (int i = 0; i < expected.limit(); i++) {
      assertThat(found.get(i))
          .as(what)
          .isCloseTo(expected.get(i), within((float) (1e-5 + 2e-4 * most)));
    }
  }

  /** Trained to a lower loss, saved, and read back over the same frozen levels. */
  @ParameterizedTest
  @EnumSource(
      value = Variant.class,
      names = {"LORA", "DORA"})
  void aLoadedAdapterIsTrainedFurther(Variant variant) throws IOException {
    Map<String, Object> keys = keys("llama [attention_bias");
    for (Quantisation quantisation : quantisations()) {
      try (DecoderModel base = model(keys);
          DecoderModel model = base.quantised(quantisation);
          DecoderModel floats = model.dequantised()) {
        write(keys, base.weights(), variant);
        PeftAdapter read = PeftAdapter.read(folder, model.architecture());
        String levels = model.weights().contentHash();
        TrainingResult result =
            new Trainer(
                    model.engine(),
                    "sft",
                    TrainingOptions.of(LearningRateSchedule.constant(1e-2)),
                    TrainingContext.defaults())
                .run(
                    new Trainable.Adapter(model.weights(), read.lora()),
                    new Nll(),
                    source(25, s -> List.of(batch())));
        assertThat(result.metrics().get(24).values().get("loss"))
            .isLessThan(0.7 * result.metrics().get(0).values().get("loss"));
        assertThat(model.weights().contentHash()).isEqualTo(levels);
        PeftAdapter trained = read.withLora(result.adapter().orElseThrow());
        trained.write(folder.resolve("trained"));
        PeftAdapter back = PeftAdapter.read(folder.resolve("trained"), floats.architecture());
        try (DecoderModel one = model.withAdapter(trained);
            DecoderModel other = floats.withAdapter(back);
            BoundWeights bound = BoundWeights.of(model.engine().runtime(), model.weights())) {
          assertThat(distance(PeftFamiliesTest.scores(one), PeftFamiliesTest.scores(other)))
              .isLessThan(TOLERANCE);
          float[] inTraining = LabelLogProbs.of(model.engine(), bound, trained.lora(), batch());
          double sum = 0;
          for (float logProb : inTraining) {
            sum -= logProb / SCORED;
          }
          try (TrainingStep after = step(model, trained.lora(), TrainingNoise.none())) {
            assertThat(after.run(List.of(batch())).loss()).isCloseTo(sum, within(TOLERANCE));
          }
          assertThatThrownBy(one::merged)
              .isInstanceOf(IllegalStateException.class)
              .hasMessageContaining("cannot be added to quantised weights");
        }
      }
    }
  }

  /** Parameters that come whole replace float32 ones only. */
  @ParameterizedTest
  @EnumSource(Scope.class)
  void modulesSavedWholeReplaceWhatIsNotQuantised(Scope scope) throws IOException {
    Map<String, Object> keys = keys("llama [attention_bias");
    try (DecoderModel base = model(keys);
        DecoderModel model = base.quantised(Quantisation.int4(32).scope(scope));
        DecoderModel floats = model.dequantised()) {
      Map<String, PeftFolders.Entry> tensors = new LinkedHashMap<>();
      tensors.putAll(write(keys, base.weights(), Variant.LORA));
      for (String name : List.of("lm_head.weight", "model.norm.weight")) {
        WeightTensor weight = base.weights().get(name);
        float[] values = new float[weight.size()];
        for (int i = 0; i < values.length; i++) {
          values[i] = 1.25f * weight.data().get(i) + 0.01f;
        }
        int[] shape = Arrays.stream(weight.shape()).mapToInt(d -> (int) d).toArray();
        tensors.put("base_model.model." + name, new PeftFolders.Entry(shape, values));
      }
      String config =
          Variant.LORA
              .config(PeftFolders.modules(keys))
              .replace("\n}", ",\n  \"modules_to_save\": [\"lm_head\", \"model.norm\"]\n}");
      PeftFolders.write(folder, config, tensors, "F32");
      PeftAdapter adapter = PeftAdapter.read(folder, model.architecture());
      if (scope == Scope.BLOCKS_AND_EMBEDDINGS) {
        assertThatThrownBy(() -> model.withAdapter(adapter))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("is frozen but its weight 'lm_head.weight' is to be replaced");
        return;
      }
      try (DecoderModel view = model.withAdapter(adapter);
          DecoderModel expected = floats.withAdapter(adapter);
          DecoderModel without = model.withAdapter(adapter.lora())) {
        float[] scores = PeftFamiliesTest.scores(view);
        assertThat(distance(scores, PeftFamiliesTest.scores(expected))).isLessThan(TOLERANCE);
        assertThat(distance(scores, PeftFamiliesTest.scores(without))).isGreaterThan(1e-2);
      }
    }
  }
}
