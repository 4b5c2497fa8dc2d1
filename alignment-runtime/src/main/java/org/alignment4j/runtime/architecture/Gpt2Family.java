package org.alignment4j.runtime.architecture;

import static org.alignment4j.runtime.architecture.ConfigRules.activation;
import static org.alignment4j.runtime.architecture.ConfigRules.headDim;
import static org.alignment4j.runtime.architecture.ConfigRules.refuseFlag;

import java.util.Map;
import java.util.Set;
import org.alignment4j.runtime.architecture.ConfigRules.SpecialTokens;
import org.alignment4j.runtime.architecture.DecoderConfig.LearnedPositions;
import org.alignment4j.runtime.architecture.DecoderConfig.LinearLayout;
import org.alignment4j.runtime.architecture.DecoderConfig.Norm;
import org.alignment4j.runtime.architecture.DecoderConfig.QkvArrangement;
import org.alignment4j.runtime.architecture.ParameterNames.Part;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.jspecify.annotations.Nullable;

/** GPT-2: learned positions, layer norm before each part, joint projection, {@code [in, out]}. */
record Gpt2Family() implements DecoderFamily {

  private static final String PREFIX = "transformer.";

  @Override
  public String modelType() {
    return "gpt2";
  }

  @Override
  public String classPrefix() {
    return "GPT2";
  }

  @Override
  public DecoderConfig parse(ConfigJson config, @Nullable ConfigJson generation) {
    ConfigRules.refuseQuantised(config);
    refuseFlag(config, "add_cross_attention");
    int vocab = config.requiredSize("vocab_size");
    int hidden = config.requiredSize("n_embd");
    int heads = config.requiredSize("n_head");
    int headDim = headDim(config, hidden, heads, "n_embd", "n_head");
    SpecialTokens tokens = SpecialTokens.read(config, generation, vocab, 50256, 50256);
    return new DecoderConfig(
        modelType(),
        vocab,
        hidden,
        config.requiredSize("n_layer"),
        heads,
        heads,
        headDim,
        config.size("n_inner", 4 * hidden),
        config.size("n_positions", 1024),
        Norm.LAYER_NORM,
        ConfigRules.epsilon(config, "layer_norm_epsilon", 1e-5),
        activation(config, "activation_function", "gelu_new"),
        false,
        new LearnedPositions(),
        false,
        QkvArrangement.FUSED_THIRDS,
        LinearLayout.IN_OUT,
        true,
        true,
        true,
        config.flag("tie_word_embeddings", true),
        config.flag("scale_attn_weights", true) ? 1 / Math.sqrt(headDim) : 1,
        config.flag("scale_attn_by_inverse_layer_idx", false),
        tokens.bos(),
        tokens.eos(),
        tokens.pad());
  }

  @Override
  public ParameterNames names(DecoderConfig config, Set<String> present) {
    String prefix = DecoderFamily.prefix(PREFIX, "wte", present);
    return new NameTable(
        prefix + "wte",
        prefix + "wpe",
        prefix + "h",
        Map.of(
            Part.ATTENTION_NORM, "ln_1",
            Part.QKV, "attn.c_attn",
            Part.OUTPUT, "attn.c_proj",
            Part.MLP_NORM, "ln_2",
            Part.UP, "mlp.c_fc",
            Part.DOWN, "mlp.c_proj"),
        prefix + "ln_f",
        config.tiedEmbeddings() ? prefix + "wte.weight" : "lm_head.weight");
  }
}
