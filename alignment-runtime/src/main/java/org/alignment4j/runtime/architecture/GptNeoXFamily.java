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

/** GPT-NeoX (Pythia): partial rotary positions, layer norm, parallel residual. */
record GptNeoXFamily() implements DecoderFamily {

  private static final String PREFIX = "gpt_neox.";

  @Override
  public String modelType() {
    return "gpt_neox";
  }

  @Override
  public String classPrefix() {
    return "GPTNeoX";
  }

  @Override
  public DecoderConfig parse(ConfigJson config, @Nullable ConfigJson generation) {
    ConfigRules.refuseQuantised(config);
    int vocab = config.requiredSize("vocab_size");
    int hidden = config.requiredSize("hidden_size");
    int heads = config.requiredSize("num_attention_heads");
    int headDim = headDim(config, hidden, heads, "hidden_size", "num_attention_heads");
    int positions = config.size("max_position_embeddings", 2048);
    boolean attentionBias = config.flag("attention_bias", true);
    SpecialTokens tokens = SpecialTokens.read(config, generation, vocab, 0, 2);
    return new DecoderConfig(
        modelType(),
        vocab,
        hidden,
        config.requiredSize("num_hidden_layers"),
        heads,
        heads,
        headDim,
        config.requiredSize("intermediate_size"),
        RotaryRules.context(config, positions),
        Norm.LAYER_NORM,
        ConfigRules.epsilon(config, "layer_norm_eps", 1e-5),
        activation(config, "hidden_act", "gelu"),
        false,
        RotaryRules.read(config, headDim, positions, "rotary_emb_base", "rotary_pct", 0.25),
        config.flag("use_parallel_residual", true),
        QkvArrangement.FUSED_PER_HEAD,
        LinearLayout.OUT_IN,
        attentionBias,
        attentionBias,
        true,
        config.flag("tie_word_embeddings", false),
        1 / Math.sqrt(headDim),
        false,
        tokens.bos(),
        tokens.eos(),
        tokens.pad());
  }

  @Override
  public ParameterNames names(DecoderConfig config, Set<String> present) {
    String prefix = DecoderFamily.prefix(PREFIX, "embed_in", present);
    return new NameTable(
        prefix + "embed_in",
        null,
        prefix + "layers",
        Map.of(
            Part.ATTENTION_NORM, "input_layernorm",
            Part.QKV, "attention.query_key_value",
            Part.OUTPUT, "attention.dense",
            Part.MLP_NORM, "post_attention_layernorm",
            Part.UP, "mlp.dense_h_to_4h",
            Part.DOWN, "mlp.dense_4h_to_h"),
        prefix + "final_layer_norm",
        config.tiedEmbeddings() ? prefix + "embed_in.weight" : "embed_out.weight");
  }
}
