package org.alignment4j.runtime.architecture;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignment4j.runtime.architecture.ConfigRules.SpecialTokens;
import org.alignment4j.runtime.architecture.DecoderConfig.Activation;
import org.alignment4j.runtime.architecture.DecoderConfig.LinearLayout;
import org.alignment4j.runtime.architecture.DecoderConfig.Norm;
import org.alignment4j.runtime.architecture.DecoderConfig.QkvArrangement;
import org.alignment4j.runtime.architecture.ParameterNames.Part;
import org.alignment4j.runtime.architecture.RotaryDecoders.Context;
import org.alignment4j.runtime.architecture.RotaryDecoders.Sizes;
import org.alignment4j.runtime.architecture.Variations.NormPlacement;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.jspecify.annotations.Nullable;

/**
 * Gemma and Gemma-2: scaled embeddings, norms that multiply by one plus their weight. Gemma-2
 * normalises around attention and MLP, caps scores and logits, and every other block sees a window.
 *
 * @param second whether this is Gemma-2
 */
record GemmaFamily(boolean second) implements DecoderFamily {

  @Override
  public String modelType() {
    return second ? "gemma2" : "gemma";
  }

  @Override
  public String classPrefix() {
    return second ? "Gemma2" : "Gemma";
  }

  @Override
  public DecoderConfig parse(ConfigJson config, @Nullable ConfigJson generation) {
    ConfigRules.refuseQuantised(config);
    ConfigRules.refuseFlag(config, "use_bidirectional_attention");
    Sizes sizes = Sizes.read(config, second ? 4 : 16, 256);
    Context context = Context.full(config, sizes.headDim(), 8192);
    boolean bias = config.flag("attention_bias", false);
    SpecialTokens tokens = SpecialTokens.read(config, generation, sizes.vocab(), 2, 1);
    double scalar = second ? config.number("query_pre_attn_scalar", 256) : sizes.headDim();
    if (scalar <= 0) {
      throw config.error(
          "query_pre_attn_scalar", "query_pre_attn_scalar must be positive but was " + scalar);
    }
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
        ConfigRules.epsilon(config, "rms_norm_eps", 1e-6),
        activation(config),
        true,
        context.rotary(),
        false,
        QkvArrangement.SEPARATE,
        LinearLayout.OUT_IN,
        bias,
        bias,
        false,
        config.flag("tie_word_embeddings", true),
        1 / Math.sqrt(scalar),
        false,
        tokens.bos(),
        tokens.eos(),
        tokens.pad(),
        variations(config, sizes));
  }

  private Variations variations(ConfigJson config, Sizes sizes) {
    // Graphs compute in float32, in which the factor is not rounded further; bfloat16 would.
    Variations both =
        Variations.none().withUnitOffsetNorm().embeddingScale(Math.sqrt(sizes.hidden()));
    if (!second) {
      RotaryDecoders.requireUniform(config, false);
      return both;
    }
    List<Integer> windows =
        RotaryDecoders.windows(
            config, sizes.layers(), RotaryDecoders.window(config, 4096), layer -> layer % 2 == 0);
    return both.normPlacement(NormPlacement.AROUND)
        .scoreCap(cap(config, "attn_logit_softcapping", 50))
        .logitCap(cap(config, "final_logit_softcapping", 30))
        .windows(windows);
  }

  private static double cap(ConfigJson config, String key, double absent) {
    if (config.isNull(key)) {
      return 0;
    }
    double cap = config.number(key, absent);
    if (cap <= 0) {
      throw config.error(key, key + " must be positive, or null for none, but was " + cap);
    }
    return cap;
  }

  /**
   * What {@code hidden_activation} names. Hugging Face ignores {@code hidden_act}, in which the
   * first checkpoints say {@code gelu} though they were trained with the tanh form.
   */
  private static Activation activation(ConfigJson config) {
    return ConfigRules.activation(config, "hidden_activation", "gelu_pytorch_tanh");
  }

  @Override
  public ParameterNames names(DecoderConfig config, Set<String> present) {
    return RotaryDecoders.names(
        config,
        present,
        second
            ? Map.of(
                Part.ATTENTION_OUT_NORM, "post_attention_layernorm",
                Part.MLP_NORM, "pre_feedforward_layernorm",
                Part.MLP_OUT_NORM, "post_feedforward_layernorm")
            : Map.of());
  }
}
