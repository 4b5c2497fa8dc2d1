package org.alignment4j.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.peft.PeftAdapter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Adapter folders of every family and variant, written by hand with Hugging Face's module names,
 * against adapted weights computed in float64.
 */
class PeftFamiliesTest {

  private static final int[] SEQUENCE = {5, 9, 3, 7, 11, 4, 6, 8, 10};

  /** What a folder says and what that means. */
  enum Variant {
    LORA(4, 6, false, false),
    RSLORA(3, 2.5, true, false),
    DORA(3, 4, false, true),
    PATTERNS(2, 3, true, true);

    private final int rank;
    private final double alpha;
    private final boolean rs;
    private final boolean dora;

    Variant(int rank, double alpha, boolean rs, boolean dora) {
      this.rank = rank;
      this.alpha = alpha;
      this.rs = rs;
      this.dora = dora;
    }

    int rank(String module) {
      return this == PATTERNS && module.contains(".1.") ? 5 : rank;
    }

    double scale(String module) {
      double a = this == PATTERNS && module.endsWith("proj") ? 7 : alpha;
      return a / (rs ? Math.sqrt(rank(module)) : rank(module));
    }

    String config(List<String> modules) {
      return "{\n  \"peft_type\": \"LORA\",\n  \"task_type\": \"CAUSAL_LM\",\n  \"r\": "
          + rank
          + ",\n  \"lora_alpha\": "
          + alpha
          + ",\n  \"lora_dropout\": 0.05,\n  \"bias\": \"none\",\n  \"use_rslora\": "
          + rs
          + ",\n  \"use_dora\": "
          + dora
          + ",\n  \"fan_in_fan_out\": false,\n  \"loftq_config\": {},\n  \"target_modules\": "
          + (this == RSLORA
              ? "\"all-linear\""
              : modules.stream().map(m -> "\"" + m + "\"").toList().toString())
          + (this == PATTERNS
              ? ",\n  \"rank_pattern\": {\".*\\\\.1\\\\..*\": 5},"
                  + "\n  \"alpha_pattern\": {\"[a-z_0-9.]*proj\": 7}"
              : "")
          + "\n}";
    }
  }

  static Stream<Arguments> cases() {
    List<Map<String, Object>> all = new ArrayList<>();
    all.add(RandomModels.gpt2(43, 24, 3, 2, 40));
    all.add(neox());
    RotaryFamilies.configurations()
        .map(a -> (String) a.get()[0])
        .filter(
            n ->
                n.startsWith("llama [attention_bias")
                    || n.startsWith("mistral [sliding_window, 5")
                    || n.startsWith("qwen")
                    || n.startsWith("gemma")
                    || n.startsWith("phi3 [partial")
                    || n.startsWith("mixtral [num_local_experts, 3")
                    || n.startsWith("olmo2 [rms"))
        .forEach(n -> all.add(rotary(n)));
    for (String name :
        List.of(
            "gptj, part of a wide head",
            "gpt_neo, alternating",
            "opt, norms before",
            "opt, narrow embeddings",
            "bloom, power of two")) {
      all.add(GptFamilies.keys(name));
    }
    return all.stream()
        .flatMap(keys -> Arrays.stream(Variant.values()).map(v -> Arguments.of(keys, v)));
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> rotary(String name) {
    return RotaryFamilies.configurations()
        .filter(a -> a.get()[0].equals(name))
        .map(a -> (Map<String, Object>) a.get()[1])
        .findFirst()
        .orElseThrow();
  }

  private static Map<String, Object> neox() {
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("model_type", "gpt_neox");
    keys.put("vocab_size", 43);
    keys.put("hidden_size", 24);
    keys.put("num_attention_heads", 3);
    keys.put("num_hidden_layers", 2);
    keys.put("intermediate_size", 40);
    keys.put("max_position_embeddings", 40);
    return keys;
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("cases")
  void everyFamilyAndVariant(Map<String, Object> keys, Variant variant, @TempDir Path folder)
      throws IOException {
    ConfigJson config = RandomModels.config(keys);
    Weights base = RotaryFamilies.weights(config, 0.08);
    List<String> modules = PeftFolders.modules(keys);
    boolean inOut = keys.get("model_type").equals("gpt2");
    Map<String, PeftFolders.Entry> tensors = tensors(modules, base, inOut, variant);
    Path adapter = folder.resolve("adapter");
    PeftFolders.write(adapter, variant.config(modules), tensors, "F32");
    Weights expected = base.with(merged(modules, base, inOut, variant, tensors));
    try (DecoderModel model = DecoderModel.of(config, base, null, TestModels.CPU);
        DecoderModel oracle = DecoderModel.of(config, expected, null, TestModels.CPU)) {
      PeftAdapter read = PeftAdapter.read(adapter, model.architecture());
      assertThat(read.lora().matrices()).hasSize(modules.size());
      try (DecoderModel view = model.withAdapter(read);
          DecoderModel merged = view.merged();
          DecoderModel plain = view.withoutAdapter()) {
        for (String module : modules) {
          FloatBuffer found = merged.weights().get(module + ".weight").data();
          FloatBuffer wanted = expected.get(module + ".weight").data();
          for (int i = 0; i < wanted.limit(); i++) {
            assertThat(found.get(i))
                .as(module)
                .isCloseTo(wanted.get(i), within(1e-7f + 5e-7f * Math.abs(wanted.get(i))));
          }
        }
        // Views share compiled graphs, so that each must be asked for those of its own adapter.
        float[] unadapted = scores(model);
        float[] logits = logits(view);
        close(logits, logits(oracle));
        close(logits(merged), logits(oracle));
        assertThat(logits(plain)).isEqualTo(logits(model)).isNotEqualTo(logits);
        close(scores(view), scores(oracle));
        assertThat(scores(plain)).isEqualTo(unadapted).isNotEqualTo(scores(view));
        assertThat(generated(view)).isEqualTo(generated(oracle));
        assertThat(view.id()).isNotEqualTo(model.id());
        assertThat(
                read.lora()
                    .unmergedFrom(merged.weights(), base, model.architecture().config().linear())
                    .contentHash())
            .isEqualTo(base.contentHash());
      }
      read.write(folder.resolve("again"));
      assertThat(bytes(folder.resolve("again"))).containsExactly(bytes(adapter));
      assertThat(folder.resolve("again/adapter_config.json"))
          .hasSameTextualContentAs(adapter.resolve("adapter_config.json"));
      PeftAdapter described = PeftAdapter.of(read.lora(), model.architecture(), "base");
      described.write(folder.resolve("described"));
      PeftAdapter back = PeftAdapter.read(folder.resolve("described"), model.architecture());
      assertThat(bytes(folder.resolve("described"))).containsExactly(bytes(adapter));
      for (String weight : read.lora().matrices().keySet()) {
        assertThat(back.lora().scale(weight)).isEqualTo(read.lora().scale(weight));
      }
      assertThat(back.config().baseModel()).isEqualTo("base");
    }
  }

  private static byte[] bytes(Path folder) throws IOException {
    return Files.readAllBytes(folder.resolve("adapter_model.safetensors"));
  }

  static Map<String, PeftFolders.Entry> tensors(
      List<String> modules, Weights base, boolean inOut, Variant variant) {
    Random random = new Random(17);
    Map<String, PeftFolders.Entry> tensors = new LinkedHashMap<>();
    for (String module : modules) {
      long[] shape = base.get(module + ".weight").shape();
      int in = (int) shape[inOut ? 0 : 1];
      int out = (int) shape[inOut ? 1 : 0];
      int rank = variant.rank(module);
      String stem = "base_model.model." + module + ".";
      tensors.put(stem + "lora_A.weight", random(random, 0.1, 0, rank, in));
      tensors.put(stem + "lora_B.weight", random(random, 0.1, 0, out, rank));
      if (variant.dora) {
        tensors.put(stem + "lora_magnitude_vector", random(random, 0.1, 0.4, out));
      }
    }
    return tensors;
  }

  private static PeftFolders.Entry random(Random random, double scale, double mean, int... shape) {
    float[] values = new float[Arrays.stream(shape).reduce(1, (x, y) -> x * y)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (mean + scale * random.nextGaussian());
    }
    return new PeftFolders.Entry(shape, values);
  }

  /** W' of every module, straight from the formulas. */
  static List<WeightTensor> merged(
      List<String> modules,
      Weights base,
      boolean inOut,
      Variant variant,
      Map<String, PeftFolders.Entry> tensors) {
    List<WeightTensor> merged = new ArrayList<>();
    for (String module : modules) {
      String stem = "base_model.model." + module + ".";
      PeftFolders.Entry a = Objects.requireNonNull(tensors.get(stem + "lora_A.weight"));
      PeftFolders.Entry b = Objects.requireNonNull(tensors.get(stem + "lora_B.weight"));
      int rank = a.shape()[0];
      int in = a.shape()[1];
      int out = b.shape()[0];
      WeightTensor weight = base.get(module + ".weight");
      FloatBuffer w = weight.data();
      float[] values = new float[weight.size()];
      for (int o = 0; o < out; o++) {
        double[] row = new double[in];
        double squares = 0;
        for (int i = 0; i < in; i++) {
          double sum = 0;
          for (int k = 0; k < rank; k++) {
            sum += (double) b.values()[o * rank + k] * a.values()[k * in + i];
          }
          row[i] = w.get(inOut ? i * out + o : o * in + i) + variant.scale(module) * sum;
          squares += row[i] * row[i];
        }
        double gain =
            variant.dora
                ? Objects.requireNonNull(tensors.get(stem + "lora_magnitude_vector")).values()[o]
                    / Math.sqrt(squares)
                : 1;
        for (int i = 0; i < in; i++) {
          values[inOut ? i * out + o : o * in + i] = (float) (gain * row[i]);
        }
      }
      merged.add(WeightTensor.of(weight.name(), weight.shape(), values));
    }
    return merged;
  }

  private static float[] logits(DecoderModel model) {
    List<Float> all = new ArrayList<>();
    var run = model.forward(TokenIds.of(SEQUENCE)).execute();
    for (int t = 0; t < SEQUENCE.length; t++) {
      for (float v : run.logits(0, t)) {
        all.add(v);
      }
    }
    float[] values = new float[all.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = all.get(i);
    }
    return values;
  }

  static float[] scores(DecoderModel model) {
    var scores =
        model
            .logProbabilities(
                List.of(
                    Continuation.of(
                        Prompt.tokens(SEQUENCE[0]),
                        TokenIds.of(Arrays.copyOfRange(SEQUENCE, 1, SEQUENCE.length)))))
            .get(0)
            .logProbs();
    float[] values = new float[SEQUENCE.length - 1];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (double) scores.get(i);
    }
    return values;
  }

  private static TokenIds generated(DecoderModel model) {
    return model.generate(Prompt.tokens(SEQUENCE), SamplingOptions.greedy(6)).tokens();
  }

  private static void close(float[] found, float[] expected) {
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat(found[i]).isCloseTo(expected[i], within(1e-5f));
    }
  }
}
