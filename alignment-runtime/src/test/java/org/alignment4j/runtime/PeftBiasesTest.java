package org.alignment4j.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.alignment4j.api.CheckpointException;
import org.alignment4j.runtime.architecture.ParameterNames.Part;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.peft.PeftAdapter;
import org.alignment4j.runtime.train.Lora;
import org.alignment4j.runtime.train.LoraAdapter;
import org.alignment4j.runtime.train.Trainable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Adapters that were trained with biases of the base model, as PEFT names them. */
class PeftBiasesTest {

  private static final PeftFamiliesTest.Variant PLAIN = PeftFamiliesTest.Variant.LORA;

  @TempDir Path folder;

  /** Models with their adapted modules, of which some have biases and some do not. */
  static Stream<Arguments> cases() {
    Map<String, Object> qwen = new LinkedHashMap<>();
    qwen.put("model_type", "qwen2");
    qwen.put("vocab_size", 43);
    qwen.put("hidden_size", 32);
    qwen.put("num_attention_heads", 4);
    qwen.put("num_key_value_heads", 2);
    qwen.put("num_hidden_layers", 2);
    qwen.put("intermediate_size", 40);
    qwen.put("max_position_embeddings", 64);
    Map<String, Object> llama = new LinkedHashMap<>(qwen);
    llama.put("model_type", "llama");
    return Stream.of(
            Map.entry(RandomModels.gpt2(43, 24, 3, 2, 40), "attn.c_attn"),
            Map.entry(GptFamilies.keys("opt, norms before"), "fc1"),
            Map.entry(qwen, "_proj"),
            Map.entry(llama, "q_proj"))
        .flatMap(
            e -> Stream.of("all", "lora_only").map(b -> Arguments.of(e.getKey(), e.getValue(), b)));
  }

  private static List<String> adapted(Map<String, Object> keys, String end) {
    return PeftFolders.modules(keys).stream().filter(m -> m.endsWith(end)).toList();
  }

  /** The biases that were trained, by their names in the base model. */
  private static List<WeightTensor> trained(Weights base, List<String> adapted, String bias) {
    Random random = new Random(4);
    List<WeightTensor> trained = new ArrayList<>();
    for (WeightTensor t : base.tensors()) {
      boolean own = adapted.stream().anyMatch(m -> t.name().equals(m + ".bias"));
      if (t.name().endsWith("bias") && (bias.equals("all") || own)) {
        float[] values = new float[t.size()];
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) random.nextGaussian();
        }
        trained.add(WeightTensor.of(t.name(), t.shape(), values));
      }
    }
    return trained;
  }

  private static PeftFolders.Entry entry(WeightTensor tensor) {
    float[] values = new float[tensor.size()];
    tensor.data().get(values);
    return new PeftFolders.Entry(new int[] {values.length}, values);
  }

  private static String config(List<String> adapted, String bias) {
    return PLAIN.config(adapted).replace("\"bias\": \"none\"", "\"bias\": \"" + bias + "\"");
  }

  /**
   * A file of an adapter with biases.
   *
   * @param wrapped what adapted modules call theirs: {@code base_layer.bias}, once {@code bias}
   */
  private static Map<String, PeftFolders.Entry> tensors(
      List<String> adapted,
      Weights base,
      boolean inOut,
      List<WeightTensor> trained,
      String wrapped) {
    Map<String, PeftFolders.Entry> tensors =
        new LinkedHashMap<>(PeftFamiliesTest.tensors(adapted, base, inOut, PLAIN));
    for (WeightTensor t : trained) {
      String module = t.name().substring(0, t.name().length() - ".bias".length());
      String part = adapted.contains(module) ? wrapped : "bias";
      tensors.put("base_model.model." + module + "." + part, entry(t));
    }
    return tensors;
  }

  @ParameterizedTest(name = "{0} {1} {2}")
  @MethodSource("cases")
  void theyReplaceTheBaseModels(Map<String, Object> keys, String end, String bias)
      throws IOException {
    ConfigJson config = RandomModels.config(keys);
    Weights base = RotaryFamilies.weights(config, 0.08);
    List<String> adapted = adapted(keys, end);
    boolean inOut = keys.get("model_type").equals("gpt2");
    List<WeightTensor> trained = trained(base, adapted, bias);
    assertThat(trained.isEmpty()).isEqualTo(keys.get("model_type").equals("llama"));
    Map<String, PeftFolders.Entry> tensors =
        tensors(adapted, base, inOut, trained, "base_layer.bias");
    Path adapter = folder.resolve("adapter");
    PeftFolders.write(adapter, config(adapted, bias), tensors, "F32");
    Weights expected =
        base.with(PeftFamiliesTest.merged(adapted, base, inOut, PLAIN, tensors)).with(trained);
    try (DecoderModel model = DecoderModel.of(config, base, null, TestModels.CPU);
        DecoderModel oracle = DecoderModel.of(config, expected, null, TestModels.CPU)) {
      PeftAdapter read = PeftAdapter.read(adapter, model.architecture());
      assertThat(read.saved().names())
          .containsExactlyInAnyOrderElementsOf(trained.stream().map(WeightTensor::name).toList());
      try (DecoderModel view = model.withAdapter(read)) {
        float[] wanted = PeftFamiliesTest.scores(oracle);
        float[] found = PeftFamiliesTest.scores(view);
        for (int i = 0; i < wanted.length; i++) {
          assertThat(found[i]).isCloseTo(wanted[i], within(1e-5f));
        }
        assertThat(found).isNotEqualTo(PeftFamiliesTest.scores(model));
        view.saveAdapter(folder.resolve("saved"));
        PeftAdapter saved = PeftAdapter.read(folder.resolve("saved"), model.architecture());
        assertThat(saved.saved().contentHash()).isEqualTo(read.saved().contentHash());
        try (DecoderModel again = model.withAdapter(saved)) {
          assertThat(again.id()).isEqualTo(view.id());
        }
      }
      read.write(folder.resolve("again"));
      assertThat(bytes(folder.resolve("again"))).containsExactly(bytes(adapter));
      PeftFolders.write(
          folder.resolve("old"),
          config(adapted, bias),
          tensors(adapted, base, inOut, trained, "bias"),
          "F32");
      assertThat(
              PeftAdapter.read(folder.resolve("old"), model.architecture()).saved().contentHash())
          .isEqualTo(read.saved().contentHash());
    }
  }

  private void reproduces(DecoderModel base, DecoderModel model) {
    Path saved = folder.resolve("saved");
    model.saveAdapter(saved);
    try (DecoderModel again = base.withAdapter(PeftAdapter.read(saved, base.architecture()))) {
      assertThat(again.id()).isEqualTo(model.id());
    }
  }

  /** Whatever was made of the model meanwhile. */
  @Test
  void whatAnAdapterBroughtWholeIsSavedWithIt() {
    ConfigJson config = RandomModels.config(RandomModels.gpt2(43, 32, 4, 2, 40));
    Weights weights = RotaryFamilies.weights(config, 0.08);
    try (DecoderModel base = DecoderModel.of(config, weights, null, TestModels.CPU)) {
      LoraAdapter first = QuantisedTrainingTest.randomAdapter(weights, base.architecture());
      LoraAdapter other =
          Trainable.adapter(weights, base.architecture(), Lora.rank(3).targets(Part.UP)).start();
      List<WeightTensor> brought = new ArrayList<>();
      for (WeightTensor t : weights.tensors()) {
        if (t.name().contains("ln_f")) {
          float[] values = new float[t.size()];
          Arrays.fill(values, 0.3f);
          brought.add(WeightTensor.of(t.name(), t.shape(), values));
        }
      }
      assertThat(brought).hasSize(2);
      PeftAdapter adapter = PeftAdapter.of(first, Weights.of(brought), base.architecture(), null);
      try (DecoderModel adapted = base.withAdapter(adapter);
          DecoderModel plain = adapted.withoutAdapter();
          DecoderModel trained = plain.withAdapter(other);
          DecoderModel edited = adapted.edit(brought.get(0).name(), v -> new float[v.length])) {
        assertThat(adapted.id()).isNotEqualTo(base.id());
        reproduces(base, adapted);
        reproduces(base, trained);
        reproduces(base, edited);
        try (DecoderModel both =
            adapted.withAdapter(PeftAdapter.of(other, base.architecture(), null))) {
          reproduces(base, both);
        }
        try (DecoderModel few = base.quantised(Quantisation.int8(32));
            DecoderModel fewAdapted = adapted.quantised(Quantisation.int8(32))) {
          reproduces(few, fewAdapted);
        }
        try (DecoderModel merged = adapted.merged();
            DecoderModel over = merged.withAdapter(other)) {
          over.saveAdapter(folder.resolve("over"));
          assertThat(PeftAdapter.read(folder.resolve("over"), base.architecture()).saved().names())
              .isEmpty();
        }
      }
    }
  }

  @Test
  void someBiasesAloneCannotBeSaved() {
    ConfigJson config = RandomModels.config(RandomModels.gpt2(43, 24, 3, 2, 40));
    Weights weights = RotaryFamilies.weights(config, 0.08);
    try (DecoderModel base = DecoderModel.of(config, weights, null, TestModels.CPU)) {
      LoraAdapter adapter =
          Trainable.adapter(weights, base.architecture(), Lora.rank(3).targets(Part.UP)).start();
      Weights one =
          Weights.of(
              weights.tensors().stream().filter(t -> t.name().endsWith("c_proj.bias")).toList());
      assertThat(one.names()).isNotEmpty();
      assertThatThrownBy(() -> PeftAdapter.of(adapter, one, base.architecture(), null))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("must be all those of some modules")
          .hasMessageContaining("c_proj.bias");
    }
  }

  private static byte[] bytes(Path folder) throws IOException {
    return Files.readAllBytes(folder.resolve("adapter_model.safetensors"));
  }

  @ParameterizedTest(name = "{0} {1} {2}")
  @MethodSource("cases")
  void whatTheFileLacksOrHasBesidesIsNamed(Map<String, Object> keys, String end, String bias)
      throws IOException {
    ConfigJson config = RandomModels.config(keys);
    Weights base = RotaryFamilies.weights(config, 0.08);
    List<String> adapted = adapted(keys, end);
    boolean inOut = keys.get("model_type").equals("gpt2");
    List<WeightTensor> trained = trained(base, adapted, bias);
    if (trained.isEmpty()) {
      return;
    }
    Map<String, PeftFolders.Entry> whole =
        tensors(adapted, base, inOut, trained, "base_layer.bias");
    String one =
        whole.keySet().stream()
            .filter(n -> n.endsWith("base_layer.bias"))
            .findFirst()
            .orElseThrow();
    Map<String, PeftFolders.Entry> lacking = new LinkedHashMap<>(whole);
    lacking.remove(one);
    try (DecoderModel model = DecoderModel.of(config, base, null, TestModels.CPU)) {
      PeftFolders.write(folder, config(adapted, bias), lacking, "F32");
      assertThatThrownBy(() -> PeftAdapter.read(folder, model.architecture()))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("lacks")
          .hasMessageContaining("'" + one + "'")
          .hasMessageContaining(
              bias.equals("all") ? "the adapter is incomplete" : "set bias to none");
      PeftFolders.write(folder, config(adapted, "none"), whole, "F32");
      assertThatThrownBy(() -> PeftAdapter.read(folder, model.architecture()))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("also holds");
      Map<String, PeftFolders.Entry> longer = new LinkedHashMap<>(whole);
      longer.put(one, new PeftFolders.Entry(new int[] {3}, new float[3]));
      PeftFolders.write(folder, config(adapted, bias), longer, "F32");
      assertThatThrownBy(() -> PeftAdapter.read(folder, model.architecture()))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("'" + one + "' must have shape");
    }
  }
}
