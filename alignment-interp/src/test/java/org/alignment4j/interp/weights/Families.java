package org.alignment4j.interp.weights;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.ModelOptions;
import org.alignment4j.runtime.architecture.DecoderFamilies;
import org.alignment4j.runtime.architecture.Parameter;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.session.DevicePolicy;

/** Tiny random models of every family, one for each thing that its weights vary. */
public final class Families {

  /** Tokens of every vocabulary. */
  public static final int VOCAB = 43;

  private static final String NO_TIE = "tie_word_embeddings";

  private Families() {}

  /** A name and the keys of a {@code config.json}. */
  public static Map<String, Map<String, Object>> all() {
    Map<String, Map<String, Object>> all = new LinkedHashMap<>();
    all.put("gpt2", gpt2());
    all.put("gpt2, own head", with(gpt2(), NO_TIE, false, "n_inner", 17));
    all.put("gpt2, by layer", with(gpt2(), "scale_attn_by_inverse_layer_idx", true));
    all.put("gpt2, deep", with(gpt2(), "n_layer", 6));
    all.put("gpt_neox", llama("gpt_neox"));
    all.put("gpt_neox, in sequence", with(llama("gpt_neox"), "use_parallel_residual", false));
    all.put(
        "gpt_neox, no biases, tied",
        with(llama("gpt_neox"), "attention_bias", false, NO_TIE, true));
    all.put("gptj", gptj());
    all.put("gptj, tied", with(gptj(), NO_TIE, true));
    all.put("gpt_neo", neo());
    all.put("opt", opt());
    all.put("opt, norms after", with(opt(), "do_layer_norm_before", false));
    all.put(
        "opt, narrow embeddings",
        with(opt(), "do_layer_norm_before", false, "word_embed_proj_dim", 10));
    all.put(
        "opt, wide embeddings, own head", with(opt(), "word_embed_proj_dim", 30, NO_TIE, false));
    all.put(
        "opt, no final norm", with(opt(), "enable_bias", false, "_remove_final_layer_norm", true));
    all.put("bloom", bloom());
    all.put(
        "bloom, carried norms",
        with(bloom(), "n_head", 6, "apply_residual_connection_post_layernorm", true));
    all.put("llama", llama("llama"));
    all.put("llama, biases", with(llama("llama"), "attention_bias", true, "mlp_bias", true));
    all.put("llama, wide heads, tied", with(llama("llama"), "head_dim", 24, NO_TIE, true));
    all.put("mistral", with(llama("mistral"), "sliding_window", 5));
    all.put("qwen2", llama("qwen2"));
    all.put("qwen3", with(llama("qwen3"), "head_dim", 16));
    all.put("gemma", with(llama("gemma"), "head_dim", 16, "num_key_value_heads", 1));
    all.put(
        "gemma2",
        with(
            llama("gemma2"),
            "head_dim",
            16,
            "sliding_window",
            5,
            "attn_logit_softcapping",
            2.5,
            "final_logit_softcapping",
            3.0));
    all.put(
        "gemma2, no caps",
        with(
            llama("gemma2"),
            "head_dim",
            8,
            "attn_logit_softcapping",
            null,
            "final_logit_softcapping",
            null,
            NO_TIE,
            false));
    all.put("phi3", llama("phi3"));
    all.put("phi3, part of a head", with(llama("phi3"), "partial_rotary_factor", 0.5));
    all.put("mixtral", with(llama("mixtral"), "num_local_experts", 4));
    all.put("olmo2", llama("olmo2"));
    return all;
  }

  /** A model of a configuration in {@link #all}. */
  public static DecoderModel model(String name) {
    ConfigJson config = config(name);
    return DecoderModel.of(
        config, weights(config), null, ModelOptions.defaults().device(DevicePolicy.CPU));
  }

  /** The weights of a configuration in {@link #all}, as they are. */
  public static TransformerWeights view(String name) {
    ConfigJson config = config(name);
    return TransformerWeights.of(DecoderFamilies.read(config, null, Set.of()), weights(config));
  }

  /** The content of a {@code config.json} in {@link #all}. */
  public static ConfigJson config(String name) {
    return ConfigJson.of("config.json", all().get(name));
  }

  /** Weights large enough that every part, biases and gains included, moves the logits. */
  public static Weights weights(ConfigJson config) {
    Random random = new Random(11);
    boolean offset = String.valueOf(config.string("model_type")).startsWith("gemma");
    List<WeightTensor> tensors = new ArrayList<>();
    for (Parameter parameter : DecoderFamilies.read(config, null, Set.of()).parameters()) {
      float[] values = new float[Math.toIntExact(parameter.size())];
      float mean = parameter.role() == Parameter.Role.NORM_WEIGHT && !offset ? 1 : 0;
      for (int i = 0; i < values.length; i++) {
        values[i] = mean + 0.2f * (float) random.nextGaussian();
      }
      tensors.add(WeightTensor.of(parameter.name(), parameter.shape(), values));
    }
    return Weights.of(tensors);
  }

  /** Random tokens. */
  public static TokenIds tokens(int length, int seed) {
    return TokenIds.of(new Random(seed).ints(length, 0, VOCAB).toArray());
  }

  private static Map<String, Object> with(Map<String, Object> keys, Object... changes) {
    for (int i = 0; i < changes.length; i += 2) {
      keys.put((String) changes[i], changes[i + 1]);
    }
    return keys;
  }

  private static Map<String, Object> keys(String family, Consumer<Map<String, Object>> filler) {
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("model_type", family);
    keys.put("vocab_size", VOCAB);
    filler.accept(keys);
    return keys;
  }

  private static Map<String, Object> gpt2() {
    return keys("gpt2", k -> with(k, "n_embd", 24, "n_head", 3, "n_layer", 2, "n_positions", 40));
  }

  private static Map<String, Object> gptj() {
    return keys(
        "gptj",
        k -> with(k, "n_embd", 24, "n_head", 3, "n_layer", 2, "n_positions", 40, "rotary_dim", 4));
  }

  private static Map<String, Object> neo() {
    List<Object> types = List.of(List.of(List.of("global", "local"), 1));
    return keys(
        "gpt_neo",
        k ->
            with(
                with(k, "hidden_size", 24, "num_heads", 3, "num_layers", 2, "window_size", 5),
                "attention_types",
                types,
                "max_position_embeddings",
                40));
  }

  private static Map<String, Object> opt() {
    return keys(
        "opt",
        k ->
            with(
                with(k, "hidden_size", 24, "num_attention_heads", 3, "num_hidden_layers", 2),
                "ffn_dim",
                36,
                "max_position_embeddings",
                40));
  }

  private static Map<String, Object> bloom() {
    return keys(
        "bloom", k -> with(k, "hidden_size", 24, "n_head", 4, "n_layer", 2, "seq_length", 40));
  }

  private static Map<String, Object> llama(String family) {
    Map<String, Object> keys =
        keys(
            family,
            k ->
                with(
                    with(k, "hidden_size", 32, "num_attention_heads", 4, "num_hidden_layers", 2),
                    "intermediate_size",
                    40,
                    "max_position_embeddings",
                    40));
    return family.equals("gpt_neox") ? keys : with(keys, "num_key_value_heads", 2);
  }
}
