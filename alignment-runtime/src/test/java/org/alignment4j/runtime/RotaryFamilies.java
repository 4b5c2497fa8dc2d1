package org.alignment4j.runtime;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.alignment4j.runtime.architecture.DecoderFamilies;
import org.alignment4j.runtime.architecture.Parameter;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;
import org.junit.jupiter.params.provider.Arguments;

/** Small random models of the families that descend from Llama, one for each thing they vary. */
public final class RotaryFamilies {

  static final int VOCAB = 43;

  private RotaryFamilies() {}

  /** A name and the keys of a {@code config.json}. */
  public static Stream<Arguments> configurations() {
    return Stream.of(
        named("llama", "rope_scaling", Map.of("type", "linear", "factor", 4.0)),
        named("llama", "rope_scaling", Map.of("type", "dynamic", "factor", 2.0)),
        named(
            "llama",
            "rope_scaling",
            Map.of(
                "rope_type",
                "llama3",
                "factor",
                8.0,
                "low_freq_factor",
                1.0,
                "high_freq_factor",
                4.0,
                "original_max_position_embeddings",
                16)),
        named(
            "llama",
            "rope_parameters",
            Map.of(
                "rope_type",
                "yarn",
                "rope_theta",
                500.0,
                "factor",
                4.0,
                "original_max_position_embeddings",
                16)),
        named(
            "llama",
            "rope_scaling",
            Map.of(
                "type",
                "yarn",
                "factor",
                2.0,
                "original_max_position_embeddings",
                24,
                "attention_factor",
                1.3,
                "beta_fast",
                4.0,
                "beta_slow",
                0.5,
                "truncate",
                false)),
        named("llama", "attention_bias", true, "mlp_bias", true, "head_dim", 24),
        named("mistral", "sliding_window", 5),
        named("mistral", "sliding_window", null, "head_dim", 24),
        named("qwen2", "use_sliding_window", true, "sliding_window", 6, "max_window_layers", 1),
        named("qwen3", "head_dim", 16, "attention_bias", true),
        named(
            "qwen3",
            "head_dim",
            8,
            "use_sliding_window",
            true,
            "sliding_window",
            4,
            "layer_types",
            List.of("sliding_attention", "full_attention"),
            "tie_word_embeddings",
            true),
        named("gemma", "head_dim", 16, "num_key_value_heads", 1),
        named("gemma", "head_dim", 8, "tie_word_embeddings", false),
        named(
            "gemma2",
            "head_dim",
            16,
            "sliding_window",
            5,
            "query_pre_attn_scalar",
            20,
            "attn_logit_softcapping",
            2.5,
            "final_logit_softcapping",
            3.0),
        named(
            "gemma2",
            "head_dim",
            8,
            "attn_logit_softcapping",
            null,
            "final_logit_softcapping",
            null,
            "tie_word_embeddings",
            false,
            "sliding_window",
            3),
        named("phi3", "sliding_window", 6),
        named("phi3", "partial_rotary_factor", 0.5, "tie_word_embeddings", true),
        named(
            "phi3",
            "max_position_embeddings",
            256,
            "original_max_position_embeddings",
            64,
            "rope_scaling",
            Map.of(
                "type",
                "longrope",
                "short_factor",
                List.of(1.0, 1.1, 1.5, 2.0),
                "long_factor",
                List.of(1.0, 2.0, 3.0, 4.0))),
        named("mixtral", "num_local_experts", 4, "sliding_window", 7),
        named("mixtral", "num_local_experts", 3, "num_experts_per_tok", 1, "rope_theta", 1e4),
        named("olmo2", "rms_norm_eps", 1e-3),
        named("olmo2", "tie_word_embeddings", true, "attention_bias", true));
  }

  private static Arguments named(String family, Object... changes) {
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("model_type", family);
    keys.put("vocab_size", VOCAB);
    keys.put("hidden_size", 32);
    keys.put("num_attention_heads", 4);
    keys.put("num_key_value_heads", 2);
    keys.put("num_hidden_layers", 2);
    keys.put("intermediate_size", 40);
    keys.put("max_position_embeddings", 64);
    for (int i = 0; i < changes.length; i += 2) {
      keys.put((String) changes[i], changes[i + 1]);
    }
    return Arguments.of(family + " " + Arrays.toString(changes), keys);
  }

  /** The same model, so small that every gradient can be found by differences. */
  static Map<String, Object> tiny(Map<String, Object> keys) {
    Map<String, Object> small = new LinkedHashMap<>(keys);
    small.put("vocab_size", 7);
    small.put("hidden_size", 16);
    small.put("num_attention_heads", 2);
    small.put("num_key_value_heads", 1);
    small.put("intermediate_size", 5);
    if (small.containsKey("head_dim")) {
      small.put("head_dim", 8);
    }
    if (small.containsKey("sliding_window") && small.get("sliding_window") != null) {
      small.put("sliding_window", 3);
    }
    return small;
  }

  /** Weights large enough that every part, biases and gains included, moves the logits. */
  public static Weights weights(ConfigJson config, double deviation) {
    Random random = new Random(11);
    boolean offset = String.valueOf(config.string("model_type")).startsWith("gemma");
    List<WeightTensor> tensors = new ArrayList<>();
    for (Parameter parameter : DecoderFamilies.read(config, null, Set.of()).parameters()) {
      float[] values = new float[Math.toIntExact(parameter.size())];
      float mean = parameter.role() == Parameter.Role.NORM_WEIGHT && !offset ? 1 : 0;
      for (int i = 0; i < values.length; i++) {
        values[i] = mean + (float) (deviation * random.nextGaussian());
      }
      tensors.add(WeightTensor.of(parameter.name(), parameter.shape(), values));
    }
    return Weights.of(tensors);
  }

  static int[] tokens(int length, int seed, int vocab) {
    return new Random(seed).ints(length, 3, vocab).toArray();
  }
}
