package org.alignment4j.runtime;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.alignment4j.runtime.architecture.DecoderFamilies;
import org.alignment4j.runtime.architecture.Parameter;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;

/** Tiny configurations of GPT-J, GPT-Neo, OPT and BLOOM, each with another option. */
public final class GptFamilies {

  /** Tokens of every configuration. */
  public static final int VOCAB = 61;

  private static final Map<String, Map<String, Object>> CONFIGURATIONS = new LinkedHashMap<>();

  static {
    put("gptj, part of a wide head", gptj());
    put("gptj, whole head, tied", gptj(), "rotary_dim", 8, "tie_word_embeddings", true);
    put("gptj, narrow head, narrow MLP", gptj(), "n_head", 6, "rotary_dim", 2, "n_inner", 17);
    put("gpt_neo, alternating", neo());
    put("gpt_neo, no window within the context", neo(), "window_size", 64, "num_heads", 6);
    put("gpt_neo, window of one, own head", neo(), "window_size", 1, "tie_word_embeddings", false);
    put("opt, norms before", opt());
    put("opt, norms after", opt(), "do_layer_norm_before", false);
    put("opt, narrow embeddings", opt(), "do_layer_norm_before", false, "word_embed_proj_dim", 10);
    put(
        "opt, wide embeddings, own head",
        opt(),
        "word_embed_proj_dim",
        30,
        "tie_word_embeddings",
        false);
    put(
        "opt, no biases, no final norm",
        opt(),
        "enable_bias",
        false,
        "_remove_final_layer_norm",
        true);
    put("bloom, power of two", bloom());
    put("bloom, three heads", bloom(), "n_head", 3);
    put(
        "bloom, six heads, carried norms",
        bloom(),
        "n_head",
        6,
        "apply_residual_connection_post_layernorm",
        true);
    put("bloom, own head", bloom(), "tie_word_embeddings", false, "layer_norm_epsilon", 0.05);
  }

  private GptFamilies() {}

  /** Names of the configurations. */
  public static List<String> names() {
    return List.copyOf(CONFIGURATIONS.keySet());
  }

  /** The keys of {@code config.json}. */
  public static Map<String, Object> keys(String name) {
    return java.util.Objects.requireNonNull(CONFIGURATIONS.get(name));
  }

  /** The content of {@code config.json}. */
  public static ConfigJson config(String name) {
    return ConfigJson.of("config.json", keys(name));
  }

  /** Weights large enough that every part, biases and gains included, moves the logits. */
  public static Weights weights(String name) {
    Random random = new Random(11);
    List<WeightTensor> tensors = new ArrayList<>();
    for (Parameter parameter : DecoderFamilies.read(config(name), null, Set.of()).parameters()) {
      float[] values = new float[Math.toIntExact(parameter.size())];
      float mean = parameter.role() == Parameter.Role.NORM_WEIGHT ? 1 : 0;
      for (int i = 0; i < values.length; i++) {
        values[i] = mean + 0.25f * (float) random.nextGaussian();
      }
      tensors.add(WeightTensor.of(parameter.name(), parameter.shape(), values));
    }
    return Weights.of(tensors);
  }

  /** Random tokens. */
  public static int[] tokens(int length, int seed) {
    return new Random(seed).ints(length, 3, VOCAB).toArray();
  }

  private static void put(String name, Map<String, Object> base, Object... changes) {
    for (int i = 0; i < changes.length; i += 2) {
      base.put((String) changes[i], changes[i + 1]);
    }
    CONFIGURATIONS.put(name, base);
  }

  private static Map<String, Object> gptj() {
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("model_type", "gptj");
    keys.put("vocab_size", VOCAB);
    keys.put("n_embd", 24);
    keys.put("n_head", 3);
    keys.put("n_layer", 2);
    keys.put("n_positions", 40);
    keys.put("rotary_dim", 4);
    return keys;
  }

  private static Map<String, Object> neo() {
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("model_type", "gpt_neo");
    keys.put("vocab_size", VOCAB);
    keys.put("hidden_size", 24);
    keys.put("num_heads", 3);
    keys.put("num_layers", 4);
    keys.put("attention_types", List.of(List.of(List.of("global", "local"), 2)));
    keys.put("window_size", 5);
    keys.put("max_position_embeddings", 40);
    return keys;
  }

  private static Map<String, Object> opt() {
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("model_type", "opt");
    keys.put("vocab_size", VOCAB);
    keys.put("hidden_size", 24);
    keys.put("num_attention_heads", 3);
    keys.put("num_hidden_layers", 2);
    keys.put("ffn_dim", 36);
    keys.put("max_position_embeddings", 40);
    return keys;
  }

  private static Map<String, Object> bloom() {
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("model_type", "bloom");
    keys.put("vocab_size", VOCAB);
    keys.put("hidden_size", 24);
    keys.put("n_head", 4);
    keys.put("n_layer", 2);
    keys.put("seq_length", 40);
    return keys;
  }
}
