package org.alignment4j.interp;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.ModelOptions;
import org.alignment4j.runtime.architecture.DecoderFamilies;
import org.alignment4j.runtime.architecture.Parameter;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.session.DevicePolicy;

/** Small models of every kind of block, with random weights large enough that every part tells. */
public final class RandomModels {

  /** Tokens of every vocabulary. */
  public static final int VOCABULARY = 43;

  private static final int LAYERS = 3;

  private RandomModels() {}

  /** The names that {@link #create} knows. */
  public static List<String> names() {
    return List.copyOf(configurations().keySet());
  }

  /** Names of the models whose stream is a plain sum. */
  public static List<String> additive() {
    return names().stream().filter(name -> !name.startsWith("bloom, carried")).toList();
  }

  private static Map<String, Map<String, Object>> configurations() {
    Map<String, Map<String, Object>> all = new LinkedHashMap<>();
    all.put("gpt2", keys("gpt2", "n_embd", 32, "n_head", 4, "n_layer", LAYERS, "n_positions", 64));
    all.put(
        "neox",
        rotary(
            "gpt_neox", "rotary_pct", 0.25, "use_parallel_residual", true, "hidden_act", "gelu"));
    all.put("llama", rotary("llama", "num_key_value_heads", 2));
    all.put("qwen2", rotary("qwen2", "num_key_value_heads", 2, "tie_word_embeddings", true));
    all.put(
        "gemma2",
        rotary(
            "gemma2",
            "num_key_value_heads",
            2,
            "head_dim",
            8,
            "query_pre_attn_scalar",
            8,
            "final_logit_softcapping",
            2.0,
            "attn_logit_softcapping",
            5.0,
            "sliding_window",
            4,
            "hidden_activation",
            "gelu_pytorch_tanh"));
    all.put(
        "bloom, carried norms",
        keys(
            "bloom",
            "hidden_size",
            32,
            "n_head",
            4,
            "n_layer",
            LAYERS,
            "apply_residual_connection_post_layernorm",
            true));
    return all;
  }

  private static Map<String, Object> rotary(String type, Object... more) {
    Map<String, Object> keys =
        keys(
            type,
            "hidden_size",
            32,
            "num_attention_heads",
            4,
            "num_hidden_layers",
            LAYERS,
            "intermediate_size",
            48,
            "max_position_embeddings",
            64);
    for (int i = 0; i < more.length; i += 2) {
      keys.put((String) more[i], more[i + 1]);
    }
    return keys;
  }

  private static Map<String, Object> keys(String type, Object... more) {
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("model_type", type);
    keys.put("vocab_size", VOCABULARY);
    for (int i = 0; i < more.length; i += 2) {
      keys.put((String) more[i], more[i + 1]);
    }
    return keys;
  }

  /** A model; the caller closes it. */
  public static DecoderModel create(String name) {
    Map<String, Object> keys = configurations().get(name);
    if (keys == null) {
      throw new IllegalArgumentException("no model " + name);
    }
    ConfigJson config = ConfigJson.of("config.json", keys);
    return DecoderModel.of(
        config,
        weights(config, name.startsWith("gemma")),
        null,
        ModelOptions.defaults().device(DevicePolicy.CPU));
  }

  private static Weights weights(ConfigJson config, boolean offset) {
    Random random = new Random(11);
    List<WeightTensor> tensors = new ArrayList<>();
    for (Parameter parameter : DecoderFamilies.read(config, null, Set.of()).parameters()) {
      float[] values = new float[Math.toIntExact(parameter.size())];
      float mean = parameter.role() == Parameter.Role.NORM_WEIGHT && !offset ? 1 : 0;
      for (int i = 0; i < values.length; i++) {
        values[i] = mean + (float) (0.2 * random.nextGaussian());
      }
      tensors.add(WeightTensor.of(parameter.name(), parameter.shape(), values));
    }
    return Weights.of(tensors);
  }

  /** Random tokens. */
  public static TokenIds tokens(int length, int seed) {
    return TokenIds.of(new Random(seed).ints(length, 0, VOCABULARY).toArray());
  }
}
