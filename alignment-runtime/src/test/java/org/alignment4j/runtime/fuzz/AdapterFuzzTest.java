package org.alignment4j.runtime.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.ModelOptions;
import org.alignment4j.runtime.PeftFolders;
import org.alignment4j.runtime.RotaryFamilies;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.peft.PeftAdapter;
import org.alignment4j.runtime.session.DevicePolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Adapter folders: either file damaged beside the other, whole. What is accepted is written again
 * and, now and then, run.
 */
class AdapterFuzzTest {

  private static final ModelOptions CPU =
      ModelOptions.defaults().device(DevicePolicy.CPU).threads(1);

  private static final int BETWEEN_RUNS = 200;

  /** Fields of each way to say which modules an adapter is of, how large and how strong. */
  private static final List<String> CONFIGURATIONS =
      List.of(
          "'r':2,'lora_alpha':6,'target_modules':['q_proj','v_proj']",
          "'r':2,'lora_alpha':4.5,'lora_dropout':0.1,'use_rslora':true,"
              + "'target_modules':'.*\\\\.self_attn\\\\.(q|v)_proj','bias':'none'",
          "'r':3,'lora_alpha':1,'target_modules':['q_proj','v_proj'],'exclude_modules':['mlp.up_proj'],"
              + "'rank_pattern':{'self_attn.q_proj':2,'layers\\\\.[01]\\\\..*v_proj':2},"
              + "'alpha_pattern':{'q_proj':16},'modules_to_save':null",
          "'r':2,'target_modules':['model.layers.0.self_attn.q_proj','self_attn.v_proj','q_proj'],"
              + "'layers_to_transform':[0,1],'layers_pattern':'layers','revision':null",
          "'r':2,'target_modules':'all-linear','exclude_modules':"
              + "'.*(k_proj|o_proj|gate_proj|up_proj|down_proj)','lora_bias':false,'loftq_config':{}");

  private static final List<String> WORDS =
      List.of(
          "\"target_modules\":",
          "\"all-linear\"",
          "\"exclude_modules\":\"(a+)+$\",",
          "\"modules_to_save\":[\"norm\"],",
          "\"modules_to_save\":[\"lm_head\"],",
          "\"rank_pattern\":{\"(.*)*x\":1},",
          "\"alpha_pattern\":{\"\":1},",
          "\"layers_to_transform\":99999999999,",
          "\"layers_pattern\":[\"\"],",
          "\"use_dora\":true,",
          "\"use_rslora\":1,",
          "\"init_lora_weights\":\"pissa\",",
          "(.*.*)*",
          "([^.]*)*",
          "(?=",
          "\\\\1",
          "(?P<a>",
          "[[:alpha:]]",
          "{1,2147483647}",
          "\\\\p{L}",
          "lora_A.weight",
          "lora_magnitude_vector");

  private static final String STEM = "base_model.model.model.layers.%d.self_attn.%s_proj.";

  /** With magnitudes, and a module that is saved whole. */
  private static final String DECOMPOSED =
      "'r':2,'use_dora':true,'target_modules':['q_proj','v_proj'],'modules_to_save':['model.norm']";

  /** What is damaged. */
  enum Damaged {
    CONFIGURATION,
    TENSORS,
    DECOMPOSED_CONFIGURATION,
    DECOMPOSED_TENSORS
  }

  @TempDir Path folder;

  private DecoderModel base;
  private Path adapter;
  private int accepted;

  @BeforeEach
  void makeBase() throws IOException {
    Map<String, Object> keys =
        Map.of(
            "model_type",
            "llama",
            "vocab_size",
            20,
            "hidden_size",
            8,
            "num_attention_heads",
            2,
            "num_hidden_layers",
            2,
            "intermediate_size",
            12);
    ConfigJson config = ConfigJson.of("config.json", keys);
    base = DecoderModel.of(config, RotaryFamilies.weights(config, 0.2), null, CPU);
    adapter = Files.createDirectory(folder.resolve("adapter"));
  }

  @AfterEach
  void close() {
    base.close();
  }

  private static String configuration(String fields) {
    return ("{'peft_type':'LORA','task_type':'CAUSAL_LM','base_model_name_or_path':'b',"
            + fields
            + "}")
        .replace('\'', '"');
  }

  private static Map<String, PeftFolders.Entry> tensors(boolean decomposed) {
    Map<String, PeftFolders.Entry> tensors = new LinkedHashMap<>();
    for (int layer = 0; layer < 2; layer++) {
      for (String part : List.of("q", "v")) {
        String stem = STEM.replace("%d", Integer.toString(layer)).replace("%s", part);
        tensors.put(stem + "lora_A.weight", entry(2, 8));
        tensors.put(stem + "lora_B.weight", entry(8, 2));
        if (decomposed) {
          tensors.put(stem + "lora_magnitude_vector", entry(8));
        }
      }
    }
    if (decomposed) {
      tensors.put("base_model.model.model.norm.weight", entry(8));
    }
    return tensors;
  }

  private static PeftFolders.Entry entry(int... shape) {
    float[] values = new float[Arrays.stream(shape).reduce(1, (x, y) -> x * y)];
    Arrays.fill(values, 0.125f);
    return new PeftFolders.Entry(shape, values);
  }

  /** Both files are held as bytes, text and parsed, and so is what is written of them. */
  private Fuzzing fuzzing(Damaged damaged) throws IOException {
    boolean decomposed = damaged.name().startsWith("DECOMPOSED");
    List<String> configurations = decomposed ? List.of(DECOMPOSED) : CONFIGURATIONS;
    Map<String, PeftFolders.Entry> tensors = tensors(decomposed);
    PeftFolders.write(adapter, configuration(configurations.get(0)), tensors, "F32");
    boolean texts = damaged.name().endsWith("CONFIGURATION");
    return new Fuzzing(
        adapter.resolve(texts ? "adapter_config.json" : "adapter_model.safetensors"),
        texts
            ? configurations.stream().map(c -> configuration(c).getBytes(UTF_8)).toList()
            : List.of(PeftFolders.bytes(tensors, "F32"), PeftFolders.bytes(tensors, "BF16")),
        WORDS,
        8 << 20,
        200,
        20,
        file -> read());
  }

  private void read() throws IOException {
    PeftAdapter read = PeftAdapter.read(adapter, base.architecture());
    assertThat(read.lora().matrices()).isNotEmpty();
    Path copy = folder.resolve("copy");
    read.write(copy);
    PeftAdapter again = PeftAdapter.read(copy, base.architecture());
    assertThat(again.lora().matrices().keySet()).isEqualTo(read.lora().matrices().keySet());
    if (++accepted % BETWEEN_RUNS == 1) {
      run(again);
    }
  }

  private void run(PeftAdapter again) {
    try (DecoderModel adapted = base.withAdapter(again)) {
      Continuation text = Continuation.of(Prompt.tokens(5, 6), TokenIds.of(4, 5));
      assertThat(adapted.logProbabilities(List.of(text))).hasSize(1);
    }
  }

  private static void check(Fuzzing.Outcome outcome) {
    assertThat(outcome.loaded()).as("inputs that were still valid").isPositive();
    assertThat(outcome.refused()).as("inputs that were refused").isPositive();
  }

  @ParameterizedTest
  @EnumSource
  void hundreds(Damaged damaged) throws IOException {
    check(fuzzing(damaged).few());
  }

  @Tag("slow")
  @ParameterizedTest
  @EnumSource
  void hundredThousands(Damaged damaged) throws IOException {
    check(fuzzing(damaged).many());
  }
}
