package org.alignment4j.runtime.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.GptFamilies;
import org.alignment4j.runtime.ModelOptions;
import org.alignment4j.runtime.RotaryFamilies;
import org.alignment4j.runtime.architecture.Architecture;
import org.alignment4j.runtime.architecture.DecoderFamilies;
import org.alignment4j.runtime.checkpoint.CheckpointFolder;
import org.alignment4j.runtime.checkpoint.CheckpointWriter;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.DType;
import org.alignment4j.runtime.session.DevicePolicy;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The configuration of every family, beside the weights that its valid form describes. What is
 * accepted is run now and then: then the graph must be valid as well.
 */
class ConfigurationFuzzTest {

  private static final ModelOptions CPU =
      ModelOptions.defaults().device(DevicePolicy.CPU).threads(1);

  private static final int SHORTEST_RUN = 4;
  private static final int LONGEST_RUN = 4096;

  @TempDir Path folder;

  private int accepted;

  static Stream<Arguments> families() {
    Map<String, Map<String, Map<String, Object>>> families = new LinkedHashMap<>();
    RotaryFamilies.configurations()
        .forEach(
            arguments -> {
              @SuppressWarnings("unchecked") // a name and the keys of a configuration
              Map<String, Object> keys = (Map<String, Object>) arguments.get()[1];
              add(families, String.valueOf(arguments.get()[0]), keys);
            });
    GptFamilies.names().forEach(name -> add(families, name, GptFamilies.keys(name)));
    Map<String, Object> gpt2 = new LinkedHashMap<>(Map.of("model_type", "gpt2", "vocab_size", 43));
    gpt2.putAll(Map.of("n_embd", 16, "n_head", 2, "n_layer", 2, "n_positions", 32));
    add(families, "gpt2", gpt2);
    Map<String, Object> neox = new LinkedHashMap<>(Map.of("model_type", "gpt_neox"));
    neox.putAll(Map.of("vocab_size", 43, "hidden_size", 16, "num_attention_heads", 2));
    neox.putAll(Map.of("num_hidden_layers", 2, "intermediate_size", 24, "rotary_pct", 0.5));
    neox.put("max_position_embeddings", 32);
    add(families, "gpt_neox", neox);
    assertThat(families.keySet()).containsExactlyInAnyOrderElementsOf(DecoderFamilies.modelTypes());
    return families.entrySet().stream().map(e -> Arguments.of(e.getKey(), e.getValue()));
  }

  private static void add(
      Map<String, Map<String, Map<String, Object>>> families,
      String name,
      Map<String, Object> keys) {
    Map<String, Object> all = new LinkedHashMap<>(keys);
    all.putIfAbsent("bos_token_id", 1);
    all.putIfAbsent("eos_token_id", List.of(2, 3));
    families
        .computeIfAbsent(String.valueOf(keys.get("model_type")), k -> new LinkedHashMap<>())
        .put(name, all);
  }

  private void fuzz(Map<String, Map<String, Object>> configurations, boolean many)
      throws IOException {
    long loaded = 0;
    long refused = 0;
    for (Map<String, Object> keys : configurations.values()) {
      Fuzzing fuzzing = fuzzing(keys);
      Fuzzing.Outcome outcome =
          many ? fuzzing.many(configurations.size()) : fuzzing.few(configurations.size());
      loaded += outcome.loaded();
      refused += outcome.refused();
    }
    assertThat(loaded).as("inputs that were still valid").isPositive();
    assertThat(refused).as("inputs that were refused").isPositive();
  }

  /** The configuration is held as bytes, text and parsed, the header of the weights beside it. */
  private Fuzzing fuzzing(Map<String, Object> keys) throws IOException {
    ConfigJson config = ConfigJson.of("config.json", keys);
    Path model = write(config);
    return fuzzing(model.resolve("config.json"), config.text());
  }

  private Path write(ConfigJson config) throws IOException {
    Path model = Files.createTempDirectory(folder, "model");
    CheckpointWriter.save(
        model, config, null, RotaryFamilies.weights(config, 0.2), DType.F32, null);
    return model;
  }

  private Fuzzing fuzzing(Path file, String valid) {
    return new Fuzzing(
        file,
        List.of(valid.getBytes(UTF_8)),
        List.of(),
        16 << 20,
        200,
        20,
        f -> read(file.getParent()));
  }

  /** What is said of generation, beside a whole configuration. */
  private Fuzzing generation() throws IOException {
    Map<String, Object> keys = new LinkedHashMap<>(GptFamilies.keys(GptFamilies.names().get(0)));
    Path model = write(ConfigJson.of("config.json", keys));
    return fuzzing(
        model.resolve("generation_config.json"),
        "{\"bos_token_id\":1,\"eos_token_id\":[2,3],\"pad_token_id\":0,\"max_length\":20,"
            + "\"temperature\":0.7,\"do_sample\":true,\"transformers_version\":\"4.40.0\"}");
  }

  private static void check(Fuzzing.Outcome outcome) {
    assertThat(outcome.loaded()).as("inputs that were still valid").isPositive();
    assertThat(outcome.refused()).as("inputs that were refused").isPositive();
  }

  @Test
  void hundredsOfGenerationConfigurations() throws IOException {
    check(generation().few());
  }

  @Tag("slow")
  @Test
  void hundredThousandGenerationConfigurations() throws IOException {
    check(generation().many());
  }

  private void read(Path model) {
    CheckpointFolder checkpoint = CheckpointFolder.open(model);
    Architecture architecture = DecoderFamilies.read(checkpoint);
    architecture.adopt(checkpoint.weights());
    // The tables of a long context take memory that its configuration asks for, up to a bound.
    int context = architecture.config().maxPositions();
    if (context >= SHORTEST_RUN && context <= LONGEST_RUN && ++accepted % 200 == 1) {
      run(model);
    }
  }

  private static void run(Path folder) {
    try (DecoderModel model = DecoderModel.load(folder, CPU)) {
      double sum =
          model
              .logProbabilities(List.of(Continuation.of(Prompt.tokens(5, 6), TokenIds.of(4, 5))))
              .get(0)
              .sum();
      assertThat(Double.isNaN(sum)).as("a score is no number").isFalse();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("families")
  void hundreds(String family, Map<String, Map<String, Object>> configurations) throws IOException {
    fuzz(configurations, false);
  }

  @Tag("slow")
  @ParameterizedTest(name = "{0}")
  @MethodSource("families")
  void hundredThousands(String family, Map<String, Map<String, Object>> configurations)
      throws IOException {
    fuzz(configurations, true);
  }
}
