package org.alignment4j.runtime.architecture;

import static org.alignment4j.runtime.architecture.ConfigRules.activation;
import static org.alignment4j.runtime.architecture.ConfigRules.headDim;

import java.util.Map;
import java.util.Set;
import org.alignment4j.runtime.architecture.ConfigRules.SpecialTokens;
import org.alignment4j.runtime.architecture.DecoderConfig.LinearLayout;
import org.alignment4j.runtime.architecture.DecoderConfig.Norm;
import org.alignment4j.runtime.architecture.DecoderConfig.QkvArrangement;
import org.alignment4j.runtime.architecture.ParameterNames.Part;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.jspecify.annotations.Nullable;

/**
 * Llama and Qwen2: rotary positions, RMS norm, gated MLP, grouped key and value heads. Qwen2
 * differs by biases on query, key and value alone, and by an optional sliding window.
 *
 * @param qwen2 whether this is Qwen2
 */
record LlamaFamily(boolean qwen2) implements DecoderFamily {

  private static final String PREFIX = "model.";

  @Override
  public String modelType() {
    return qwen2 ? "qwen2" : "llama";
  }

  @Override
  public String classPrefix() {
    return qwen2 ? "Qwen2" : "Llama";
  }

  @Override
  public DecoderConfig parse(ConfigJson config, @Nullable ConfigJson generation) {
    ConfigRules.refuseQuantised(config);
    int vocab = config.requiredSize("vocab_size");
    int hidden = config.requiredSize("hidden_size");
    int layers = config.requiredSize("num_hidden_layers");
    int heads = config.requiredSize("num_attention_heads");
    int kvHeads = config.size("num_key_value_heads", heads);
    if (heads % kvHeads != 0) {
      throw config.error(
          "num_key_value_heads",
          "num_key_value_heads must divide num_attention_heads " + heads + " but was " + kvHeads);
    }
    int headDim =
        config.has("head_dim")
            ? config.requiredSize("head_dim")
            : headDim(config, hidden, heads, "hidden_size", "num_attention_heads");
    int maxPositions = config.size("max_position_embeddings", qwen2 ? 32768 : 2048);
    if (qwen2) {
      refuseSlidingWindow(config, layers, maxPositions);
    }
    boolean attentionBias = !qwen2 && config.flag("attention_bias", false);
    SpecialTokens tokens =
        qwen2
            ? SpecialTokens.read(config, generation, vocab, null, null)
            : SpecialTokens.read(config, generation, vocab, 1, 2);
    return new DecoderConfig(
        modelType(),
        vocab,
        hidden,
        layers,
        heads,
        kvHeads,
        headDim,
        config.requiredSize("intermediate_size"),
        maxPositions,
        Norm.RMS_NORM,
        ConfigRules.epsilon(config, "rms_norm_eps", 1e-6),
        activation(config, "hidden_act", "silu"),
        true,
        RotaryRules.readFull(config, headDim),
        false,
        QkvArrangement.SEPARATE,
        LinearLayout.OUT_IN,
        qwen2 || attentionBias,
        attentionBias,
        !qwen2 && config.flag("mlp_bias", false),
        config.flag("tie_word_embeddings", false),
        1 / Math.sqrt(headDim),
        false,
        tokens.bos(),
        tokens.eos(),
        tokens.pad());
  }

  private static void refuseSlidingWindow(ConfigJson config, int layers, int maxPositions) {
    Integer givenFull = config.integer("max_window_layers");
    int fullLayers = givenFull == null ? 28 : givenFull;
    boolean used =
        config.has("layer_types")
            ? config.strings("layer_types").contains("sliding_attention")
            : config.flag("use_sliding_window", false) && fullLayers < layers;
    int window = config.size("sliding_window", 4096);
    if (used && window < maxPositions) {
      throw config.error(
          "sliding_window",
          "a sliding window shorter than max_position_embeddings "
              + maxPositions
              + " is not supported but sliding_window was "
              + window
              + "; lower max_position_embeddings to the window if no longer context is needed");
    }
  }

  @Override
  public ParameterNames names(DecoderConfig config, Set<String> present) {
    String prefix = DecoderFamily.prefix(PREFIX, "embed_tokens", present);
    return new NameTable(
        prefix + "embed_tokens",
        null,
        prefix + "layers",
        Map.of(
            Part.ATTENTION_NORM, "input_layernorm",
            Part.QUERY, "self_attn.q_proj",
            Part.KEY, "self_attn.k_proj",
            Part.VALUE, "self_attn.v_proj",
            Part.OUTPUT, "self_attn.o_proj",
            Part.MLP_NORM, "post_attention_layernorm",
            Part.GATE, "mlp.gate_proj",
            Part.UP, "mlp.up_proj",
            Part.DOWN, "mlp.down_proj"),
        prefix + "norm",
        config.tiedEmbeddings() ? prefix + "embed_tokens.weight" : "lm_head.weight");
  }
}
