package org.alignment4j.runtime.peft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.CheckpointException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeftConfigTest {

  private static final String Q = "model.layers.1.self_attn.q_proj";

  private static PeftConfig config(String fields) {
    return PeftConfig.parse(
        "adapter_config.json",
        "{\"peft_type\": \"LORA\", \"target_modules\": [\"q_proj\"]" + fields + "}");
  }

  private static PeftConfig targets(String targets) {
    return PeftConfig.parse(
        "adapter_config.json", "{\"peft_type\": \"LORA\", \"target_modules\": " + targets + "}");
  }

  @Test
  void everyFieldThatPeftWritesIsUnderstood() {
    PeftConfig config =
        config(
            ", \"alora_invocation_tokens\": null, \"alpha_pattern\": {}, \"arrow_config\": null,"
                + " \"auto_mapping\": {\"base_model_class\": \"X\"}, \"bias\": \"none\","
                + " \"base_model_name_or_path\": \"a/b\", \"corda_config\": null,"
                + " \"ensure_weight_tying\": false, \"eva_config\": null,"
                + " \"exclude_modules\": null, \"fan_in_fan_out\": false,"
                + " \"inference_mode\": true, \"init_lora_weights\": true,"
                + " \"layer_replication\": null, \"layers_pattern\": null,"
                + " \"layers_to_transform\": null, \"loftq_config\": {}, \"lora_alpha\": 16,"
                + " \"lora_bias\": false, \"lora_dropout\": 0.1, \"megatron_config\": null,"
                + " \"megatron_core\": \"megatron.core\", \"modules_to_save\": null,"
                + " \"peft_version\": \"0.18.0\", \"qalora_group_size\": 16, \"r\": 64,"
                + " \"rank_pattern\": {}, \"revision\": null, \"target_parameters\": null,"
                + " \"task_type\": \"CAUSAL_LM\", \"trainable_token_indices\": null,"
                + " \"use_dora\": false, \"use_qalora\": false, \"use_rslora\": false");
    assertThat(config.rank()).isEqualTo(64);
    assertThat(config.alpha()).isEqualTo(16);
    assertThat(config.scale(Q)).isEqualTo(0.25);
    assertThat(config.dropout()).isEqualTo(0.1);
    assertThat(config.baseModel()).isEqualTo("a/b");
    assertThat(config.taskType()).isEqualTo("CAUSAL_LM");
    assertThat(config.rsLora()).isFalse();
    assertThat(config.dora()).isFalse();
    assertThat(config.modulesToSave()).isEmpty();
  }

  @Test
  void defaultsArePeftsOwn() {
    assertThat(config("").rank()).isEqualTo(8);
    assertThat(config("").alpha()).isEqualTo(8);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "\"q_proj\"~false",
        "\".*q_proj\"~true",
        "\"model.layers.[0-3].self_attn.(q|v)_proj\"~true",
        "\"(?P<all>.*)\\\\.q_proj\"~true",
        "\".*layers.2.*\"~false",
        "\"all-linear\"~true",
        "\"ALL-linear\"~true",
        "[\"q_proj\"]~true",
        "[\"_proj\"]~false",
        "[\"self_attn.q_proj\"]~true",
        "[\"model.layers.1.self_attn.q_proj\"]~true",
        "[\"layers.11.self_attn.q_proj\"]~false",
      })
  void targets(String targets, boolean selected) {
    assertThat(targets(targets).selects(Q, true)).isEqualTo(selected);
  }

  @Test
  void allLinearLeavesOutEverythingElse() {
    assertThat(targets("\"all-linear\"").selects("lm_head", false)).isFalse();
  }

  @Test
  void modulesSavedWholeAreNotAdapted() {
    PeftConfig config = config(", \"modules_to_save\": [\"q_proj\"]");
    assertThat(config.selects(Q, true)).isFalse();
  }

  @Test
  void theLayerIsTheFirstNumber() {
    PeftConfig config =
        PeftConfig.parse(
            "a", "{\"peft_type\":\"LORA\",\"target_modules\":[\"w1\"],\"layers_to_transform\":1}");
    assertThat(config.selects("model.layers.1.block_sparse_moe.experts.0.w1", true)).isTrue();
    assertThat(config.selects("model.layers.0.block_sparse_moe.experts.1.w1", true)).isFalse();
  }

  @Test
  void layersPatternsMayHaveAlternatives() {
    PeftConfig config = inLayerOne("(?:h|layers)");
    assertThat(config.selects("model.layers.1.self_attn.q_proj", true)).isTrue();
    assertThat(config.selects("model.layers.2.self_attn.q_proj", true)).isFalse();
  }

  /** In PEFT these fail with errors of the interpreter. */
  @ParameterizedTest
  @ValueSource(strings = {"|ayers", "h|layers", "(h|layers)", "(x)?layers", "(?P<a>layers)"})
  void layersPatternsThatHideTheNumberAreRefused(String pattern) {
    PeftConfig config = inLayerOne(pattern);
    assertThatThrownBy(
            () -> {
              config.selects("model.layers.1.self_attn.q_proj", true);
              config.selects("model.h.1.self_attn.q_proj", true);
            })
        .isInstanceOf(CheckpointException.class)
        .hasMessageContainingAll("layers_pattern", "before a layer's number", "(?:a|b)");
  }

  private static PeftConfig inLayerOne(String pattern) {
    return config(", \"layers_to_transform\": [1], \"layers_pattern\": \"" + pattern + "\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"peft_type\": \"IA3\"|peft_type must be LORA",
        "\"task_type\": \"SEQ_2_SEQ_LM\"|task_type must be CAUSAL_LM or SEQ_CLS",
        "\"use_magic\": true|'use_magic' is not",
        "\"use_magic\": false|'use_magic' is not",
        "\"lora_bias\": true|lora_bias must be off",
        "\"target_parameters\": [\"x\"]|target_parameters must be off",
        "\"layer_replication\": [[0, 2]]|layer_replication must be off",
        "\"loftq_config\": {\"loftq_bits\": 4}|loftq_config must be off",
        "\"trainable_token_indices\": [3]|trainable_token_indices must be off",
        "\"bias\": \"some\"|bias must be none, all or lora_only but was 'some'",
        "\"init_lora_weights\": \"pissa_niter_4\"|path_initial_model_for_weight_conversion",
        "\"r\": 0|r must be positive",
        "\"r\": \"8\"|r must be an integer",
        "\"lora_alpha\": -1|lora_alpha must be positive",
        "\"lora_dropout\": 1|lora_dropout must be at least 0 and below 1",
        "\"rank_pattern\": {\"q\": 0}|q must be positive",
        "\"rank_pattern\": {\"(q\": 2}|'(q' must be a regular expression",
        "\"alpha_pattern\": {\"q\": -2}|values must be positive",
        "\"layers_pattern\": \"h\"|must go with layers_to_transform",
        "\"target_modules\": []|target_modules must name modules",
        "\"target_modules\": null|target_modules must name modules",
        "\"target_modules\": {\"a\": \"b\"}|target_modules must be a list of strings",
        "\"modules_to_save\": \"lm_head\"|modules_to_save must be a list of strings",
        "\"target_modules\": [3]|target_modules must be a list of strings",
        "\"target_modules\": \".*\", \"layers_to_transform\": [1]|list of target_modules",
      })
  void whatIsNotUnderstoodIsRefusedByName(String field, String message) {
    String rest = field.contains("target_modules") ? "" : ", \"target_modules\": [\"q_proj\"]";
    String type = field.contains("peft_type") ? "" : ", \"peft_type\": \"LORA\"";
    assertThatThrownBy(() -> PeftConfig.parse("x.json", "{" + field + rest + type + "}"))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(message)
        .hasMessageContaining("x.json");
  }

  @Test
  void expressionsThatBacktrackWithoutEndAreRefused() {
    PeftConfig config = targets("\"(.*.*)*(.*.*)*(.*.*)*x\"");
    String module = "model.layers.1.self_attn.a_module_of_some_length.q_proj";
    assertThatThrownBy(() -> config.selects(module, true))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("decided quickly");
    for (String hostile : List.of("(".repeat(60) + ")".repeat(60), "a".repeat(30_000))) {
      assertThatThrownBy(() -> targets("\"" + hostile + "\""))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("nested groups");
    }
  }

  /** Java's expressions recurse over brackets, and over all that follows. */
  @Test
  void expressionsThatRecurseAreRefused() throws Exception {
    assertThatThrownBy(() -> targets("\"" + "[".repeat(19_000) + "\""))
        .isInstanceOf(CheckpointException.class)
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(2000));
    List<Throwable> thrown = new ArrayList<>();
    PeftConfig deep = targets("\"" + "a?".repeat(1_000) + "\"");
    Thread shallow =
        new Thread(null, () -> thrown.add(catchThrowable(() -> select(deep))), "shallow", 64 << 10);
    shallow.start();
    shallow.join();
    assertThat(thrown)
        .singleElement()
        .isInstanceOfSatisfying(
            CheckpointException.class,
            e -> assertThat(e).hasMessageContaining("decided quickly").hasMessageContaining("…"));
  }

  private static void select(PeftConfig config) {
    // The first match loads classes, which must not meet the end of the stack.
    assertThat(config.selects(Q, true)).isFalse();
  }
}
