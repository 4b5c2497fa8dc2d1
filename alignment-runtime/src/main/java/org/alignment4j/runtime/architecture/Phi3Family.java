package org.alignment4j.runtime.architecture;

import static org.alignment4j.runtime.architecture.ConfigRules.activation;

import java.util.Map;
import java.util.Set;
import org.alignment4j.runtime.architecture.ConfigRules.SpecialTokens;
import org.alignment4j.runtime.architecture.DecoderConfig.LinearLayout;
import org.alignment4j.runtime.architecture.DecoderConfig.Norm;
import org.alignment4j.runtime.architecture.DecoderConfig.QkvArrangement;
import org.alignment4j.runtime.architecture.ParameterNames.Part;
import org.alignment4j.runtime.architecture.RotaryDecoders.Sizes;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.jspecify.annotations.Nullable;

/**
 * Phi-3 and what shares its {@code model_type}: Llama with query, key and value in one matrix, gate
 * and up projection in another, heads that may turn in part, and perhaps a sliding window.
 */
record Phi3Family() implements DecoderFamily {

  private static final int DEFAULT_POSITIONS = 4096;
  private static final String ORIGINAL = "original_max_position_embeddings";

  @Override
  public String modelType() {
    return "phi3";
  }

  @Override
  public String classPrefix() {
    return "Phi3";
  }

  @Override
  public DecoderConfig parse(ConfigJson config, @Nullable ConfigJson generation) {
    ConfigRules.refuseQuantised(config);
    RotaryDecoders.requireUniform(config, config.has("sliding_window"));
    Sizes sizes = Sizes.read(config, null, null);
    int positions = config.size("max_position_embeddings", DEFAULT_POSITIONS);
    ConfigJson rope = config.has(ORIGINAL) ? config : config.with(ORIGINAL, DEFAULT_POSITIONS);
    SpecialTokens tokens = SpecialTokens.read(config, generation, sizes.vocab(), 1, 32000);
    return new DecoderConfig(
        modelType(),
        sizes.vocab(),
        sizes.hidden(),
        sizes.layers(),
        sizes.heads(),
        sizes.kvHeads(),
        sizes.headDim(),
        sizes.inner(),
        RotaryRules.context(rope, positions),
        Norm.RMS_NORM,
        ConfigRules.epsilon(config, "rms_norm_eps", 1e-5),
        activation(config, "hidden_act", "silu"),
        true,
        RotaryRules.read(
            rope, sizes.headDim(), positions, "rope_theta", "partial_rotary_factor", 1),
        false,
        QkvArrangement.FUSED_BLOCKS,
        LinearLayout.OUT_IN,
        false,
        false,
        false,
        config.flag("tie_word_embeddings", false),
        1 / Math.sqrt(sizes.headDim()),
        false,
        tokens.bos(),
        tokens.eos(),
        tokens.pad(),
        Variations.none()
            .withFusedGateUp()
            .window(sizes.layers(), RotaryDecoders.window(config, 0)));
  }

  @Override
  public ParameterNames names(DecoderConfig config, Set<String> present) {
    return RotaryDecoders.names(
        config,
        present,
        Map.of(Part.QKV, "self_attn.qkv_proj", Part.GATE_UP, "mlp.gate_up_proj"),
        Part.QUERY,
        Part.KEY,
        Part.VALUE,
        Part.GATE,
        Part.UP);
  }
}
