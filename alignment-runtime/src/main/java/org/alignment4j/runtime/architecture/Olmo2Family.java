package org.alignment4j.runtime.architecture;

import static org.alignment4j.runtime.architecture.ConfigRules.activation;

import java.util.Map;
import java.util.Set;
import org.alignment4j.runtime.architecture.ConfigRules.SpecialTokens;
import org.alignment4j.runtime.architecture.DecoderConfig.LinearLayout;
import org.alignment4j.runtime.architecture.DecoderConfig.Norm;
import org.alignment4j.runtime.architecture.DecoderConfig.QkvArrangement;
import org.alignment4j.runtime.architecture.ParameterNames.Part;
import org.alignment4j.runtime.architecture.RotaryDecoders.Context;
import org.alignment4j.runtime.architecture.RotaryDecoders.Sizes;
import org.alignment4j.runtime.architecture.Variations.HeadNorm;
import org.alignment4j.runtime.architecture.Variations.NormPlacement;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.jspecify.annotations.Nullable;

/**
 * OLMo-2: Llama that normalises what attention and MLP add instead of what they read, and queries
 * and keys over all their heads.
 */
record Olmo2Family() implements DecoderFamily {

  @Override
  public String modelType() {
    return "olmo2";
  }

  @Override
  public String classPrefix() {
    return "Olmo2";
  }

  @Override
  public DecoderConfig parse(ConfigJson config, @Nullable ConfigJson generation) {
    ConfigRules.refuseQuantised(config);
    RotaryDecoders.requireUniform(config, false);
    if (config.has("clip_qkv")) {
      throw config.error("clip_qkv", "clip_qkv must be null but was given, which is not supported");
    }
    Sizes sizes = Sizes.read(config, null, null);
    Context context = Context.full(config, sizes.headDim(), 2048);
    boolean bias = config.flag("attention_bias", false);
    SpecialTokens tokens = SpecialTokens.read(config, generation, sizes.vocab(), null, 50279);
    return new DecoderConfig(
        modelType(),
        sizes.vocab(),
        sizes.hidden(),
        sizes.layers(),
        sizes.heads(),
        sizes.kvHeads(),
        sizes.headDim(),
        sizes.inner(),
        context.context(),
        Norm.RMS_NORM,
        ConfigRules.epsilon(config, "rms_norm_eps", 1e-5),
        activation(config, "hidden_act", "silu"),
        true,
        context.rotary(),
        false,
        QkvArrangement.SEPARATE,
        LinearLayout.OUT_IN,
        bias,
        bias,
        false,
        config.flag("tie_word_embeddings", false),
        1 / Math.sqrt(sizes.headDim()),
        false,
        tokens.bos(),
        tokens.eos(),
        tokens.pad(),
        Variations.none().normPlacement(NormPlacement.AFTER).headNorm(HeadNorm.ALL));
  }

  @Override
  public ParameterNames names(DecoderConfig config, Set<String> present) {
    return RotaryDecoders.names(
        config,
        present,
        Map.of(
            Part.QUERY_NORM, "self_attn.q_norm",
            Part.KEY_NORM, "self_attn.k_norm",
            Part.ATTENTION_OUT_NORM, "post_attention_layernorm",
            Part.MLP_OUT_NORM, "post_feedforward_layernorm"),
        Part.ATTENTION_NORM,
        Part.MLP_NORM);
  }
}
