package org.alignment4j.runtime.architecture;

import static org.alignment4j.runtime.architecture.ConfigRules.activation;
import static org.alignment4j.runtime.architecture.ConfigRules.headDim;

import java.util.Map;
import java.util.Set;
import org.alignment4j.runtime.architecture.ConfigRules.SpecialTokens;
import org.alignment4j.runtime.architecture.DecoderConfig.LinearLayout;
import org.alignment4j.runtime.architecture.DecoderConfig.Norm;
import org.alignment4j.runtime.architecture.DecoderConfig.QkvArrangement;
import org.alignment4j.runtime.architecture.DecoderConfig.RotaryPositions;
import org.alignment4j.runtime.architecture.ParameterNames.Extra;
import org.alignment4j.runtime.architecture.ParameterNames.Part;
import org.alignment4j.runtime.architecture.Variations.NormPlacement;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.jspecify.annotations.Nullable;

/**
 * GPT-J: interleaved rotary positions over part of each head, attention and MLP side by side behind
 * one layer norm, no biases in attention, a head with a bias.
 */
record GptJFamily() implements DecoderFamily {

  private static final String PREFIX = "transformer.";
  private static final double THETA = 10_000;

  @Override
  public String modelType() {
    return "gptj";
  }

  @Override
  public String classPrefix() {
    return "GPTJ";
  }

  @Override
  public DecoderConfig parse(ConfigJson config, @Nullable ConfigJson generation) {
    ConfigRules.refuseQuantised(config);
    ConfigRules.refuseOther(config, "rope_scaling", "GPT-J's rotation is not scaled");
    ConfigRules.refuseOther(config, "rope_parameters", "GPT-J's rotation has a fixed base");
    int vocab = config.requiredSize("vocab_size");
    int hidden = ConfigRules.requiredSize(config, "n_embd", "hidden_size");
    int heads = ConfigRules.requiredSize(config, "n_head", "num_attention_heads");
    int headDim = headDim(config, hidden, heads, "n_embd", "n_head");
    SpecialTokens tokens = SpecialTokens.read(config, generation, vocab, 50256, 50256);
    return new DecoderConfig(
        modelType(),
        vocab,
        hidden,
        ConfigRules.requiredSize(config, "n_layer", "num_hidden_layers"),
        heads,
        heads,
        headDim,
        config.size("n_inner", 4 * hidden),
        ConfigRules.size(config, "n_positions", "max_position_embeddings", 2048),
        Norm.LAYER_NORM,
        ConfigRules.epsilon(config, "layer_norm_epsilon", 1e-5),
        activation(config, "activation_function", "gelu_new"),
        false,
        new RotaryPositions(THETA, rotaryDim(config, headDim), new RotaryScaling.None(), true),
        true,
        QkvArrangement.SEPARATE,
        LinearLayout.OUT_IN,
        false,
        false,
        true,
        config.flag("tie_word_embeddings", false),
        1 / Math.sqrt(headDim),
        false,
        tokens.bos(),
        tokens.eos(),
        tokens.pad(),
        Variations.none().normPlacement(NormPlacement.SHARED),
        DecoderOptions.usual().headBias(true));
  }

  private static int rotaryDim(ConfigJson config, int headDim) {
    if (config.isNull("rotary_dim")) {
      throw config.error(
          "rotary_dim",
          "rotary_dim must be a number of components but was null, whose angles are those of the"
              + " whole hidden state and fit a single head only; give the number that was trained");
    }
    int rotaryDim = config.size("rotary_dim", 64);
    if (rotaryDim > headDim || rotaryDim % 2 != 0) {
      throw config.error(
          "rotary_dim",
          "rotary_dim must be even and at most the head's "
              + headDim
              + " components but was "
              + rotaryDim);
    }
    return rotaryDim;
  }

  @Override
  public ParameterNames names(DecoderConfig config, Set<String> present) {
    String prefix = DecoderFamily.prefix(PREFIX, "wte", present);
    return new NameTable(
        prefix + "wte",
        null,
        prefix + "h",
        Map.of(
            Part.ATTENTION_NORM, "ln_1",
            Part.QUERY, "attn.q_proj",
            Part.KEY, "attn.k_proj",
            Part.VALUE, "attn.v_proj",
            Part.OUTPUT, "attn.out_proj",
            Part.UP, "mlp.fc_in",
            Part.DOWN, "mlp.fc_out"),
        prefix + "ln_f",
        config.tiedEmbeddings() ? prefix + "wte.weight" : "lm_head.weight",
        Map.of(Extra.HEAD_BIAS, "lm_head.bias"));
  }
}
