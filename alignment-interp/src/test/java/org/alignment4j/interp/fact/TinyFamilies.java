package org.alignment4j.interp.fact;

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

/** Small random models of every family whose MLPs lay their weights out in a way of their own. */
public final class TinyFamilies {

  /** Tokens of every vocabulary. */
  public static final int VOCABULARY = 43;

  private static final int LAYERS = 3;

  private TinyFamilies() {}

  /** Names of families whose MLP output enters the stream as it is. */
  public static List<String> editable() {
    return List.of("gpt2", "gptj", "gpt_neo", "gpt_neox", "opt", "bloom", "llama", "phi3", "gemma");
  }

  /** A model; the caller closes it. */
  public static DecoderModel create(String family) {
    return create(family, 0.2);
  }

  /** A model whose weights have a deviation; the caller closes it. */
  public static DecoderModel create(String family, double deviation) {
    ConfigJson config = ConfigJson.of("config.json", keys(family));
    return DecoderModel.of(
        config,
        weights(config, deviation, family.startsWith("gemma")),
        null,
        ModelOptions.defaults().device(DevicePolicy.CPU));
  }

  private static Map<String, Object> keys(String family) {
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("model_type", family);
    keys.put("vocab_size", VOCABULARY);
    switch (family) {
      case "gpt2", "gptj" -> {
        put(keys, "n_embd", 24, "n_head", 3, "n_layer", LAYERS, "n_positions", 64);
        if (family.equals("gptj")) {
          keys.put("rotary_dim", 4);
        }
      }
      case "gpt_neo" ->
          put(
              keys,
              "hidden_size",
              24,
              "num_heads",
              3,
              "num_layers",
              LAYERS,
              "attention_types",
              List.of(List.of(List.of("global"), LAYERS)),
              "window_size",
              64,
              "max_position_embeddings",
              64);
      case "bloom" -> put(keys, "hidden_size", 24, "n_head", 3, "n_layer", LAYERS);
      case "opt" ->
          put(
              keys,
              "hidden_size",
              24,
              "num_attention_heads",
              3,
              "num_hidden_layers",
              LAYERS,
              "ffn_dim",
              36,
              "max_position_embeddings",
              64);
      default ->
          put(
              keys,
              "hidden_size",
              24,
              "num_attention_heads",
              3,
              "num_key_value_heads",
              3,
              "num_hidden_layers",
              LAYERS,
              "intermediate_size",
              36,
              "max_position_embeddings",
              64);
    }
    switch (family) {
      case "gpt_neox" -> put(keys, "rotary_pct", 0.25, "hidden_act", "gelu");
      case "gemma" -> put(keys, "head_dim", 8);
      case "mixtral" -> put(keys, "num_local_experts", 3, "num_experts_per_tok", 1);
      default -> {}
    }
    return keys;
  }

  private static void put(Map<String, Object> keys, Object... more) {
    for (int i = 0; i < more.length; i += 2) {
      keys.put((String) more[i], more[i + 1]);
    }
  }

  private static Weights weights(ConfigJson config, double deviation, boolean offset) {
    Random random = new Random(11);
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

  /** Random tokens. */
  public static TokenIds tokens(int length, int seed) {
    return TokenIds.of(new Random(seed).ints(length, 3, VOCABULARY).toArray());
  }
}
