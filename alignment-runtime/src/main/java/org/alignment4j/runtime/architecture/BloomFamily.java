package org.alignment4j.runtime.architecture;

import static org.alignment4j.runtime.architecture.ConfigRules.headDim;

import java.util.Map;
import java.util.Set;
import org.alignment4j.runtime.architecture.ConfigRules.SpecialTokens;
import org.alignment4j.runtime.architecture.DecoderConfig.Activation;
import org.alignment4j.runtime.architecture.DecoderConfig.AlibiPositions;
import org.alignment4j.runtime.architecture.DecoderConfig.LinearLayout;
import org.alignment4j.runtime.architecture.DecoderConfig.Norm;
import org.alignment4j.runtime.architecture.DecoderConfig.QkvArrangement;
import org.alignment4j.runtime.architecture.ParameterNames.Extra;
import org.alignment4j.runtime.architecture.ParameterNames.Part;
import org.alignment4j.runtime.architecture.Variations.NormPlacement;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.jspecify.annotations.Nullable;

/**
 * BLOOM: linear biases of the attention scores in place of positions, a layer norm of the token
 * embeddings, joint projection head by head.
 */
record BloomFamily() implements DecoderFamily {

  private static final String PREFIX = "transformer.";

  @Override
  public String modelType() {
    return "bloom";
  }

  @Override
  public String classPrefix() {
    return "Bloom";
  }

  @Override
  public DecoderConfig parse(ConfigJson config, @Nullable ConfigJson generation) {
    ConfigRules.refuseQuantised(config);
    int vocab = config.requiredSize("vocab_size");
    int hidden = ConfigRules.requiredSize(config, "hidden_size", "n_embed");
    int heads = ConfigRules.requiredSize(config, "n_head", "num_attention_heads");
    int headDim = headDim(config, hidden, heads, "hidden_size", "n_head");
    int inner = config.size("n_inner", 4 * hidden);
    if (inner != 4 * hidden) {
      throw config.error(
          "n_inner", "n_inner must be 4 times hidden_size " + hidden + " but was " + inner);
    }
    SpecialTokens tokens = SpecialTokens.read(config, generation, vocab, 1, 2);
    boolean carried = config.flag("apply_residual_connection_post_layernorm", false);
    return new DecoderConfig(
        modelType(),
        vocab,
        hidden,
        ConfigRules.requiredSize(config, "n_layer", "num_hidden_layers"),
        heads,
        heads,
        headDim,
        inner,
        // Nothing in the model ends the context; this is the length of training.
        config.size("seq_length", 2048),
        Norm.LAYER_NORM,
        ConfigRules.epsilon(config, "layer_norm_epsilon", 1e-5),
        Activation.GELU_TANH,
        false,
        new AlibiPositions(),
        false,
        QkvArrangement.FUSED_PER_HEAD,
        LinearLayout.OUT_IN,
        true,
        true,
        true,
        config.flag("tie_word_embeddings", true),
        1 / Math.sqrt(headDim),
        false,
        tokens.bos(),
        tokens.eos(),
        tokens.pad(),
        Variations.none()
            .normPlacement(carried ? NormPlacement.BEFORE_RESIDUAL : NormPlacement.BEFORE),
        DecoderOptions.usual().embeddingNorm(true));
  }

  @Override
  public ParameterNames names(DecoderConfig config, Set<String> present) {
    String prefix = DecoderFamily.prefix(PREFIX, "word_embeddings", present);
    return new NameTable(
        prefix + "word_embeddings",
        null,
        prefix + "h",
        Map.of(
            Part.ATTENTION_NORM, "input_layernorm",
            Part.QKV, "self_attention.query_key_value",
            Part.OUTPUT, "self_attention.dense",
            Part.MLP_NORM, "post_attention_layernorm",
            Part.UP, "mlp.dense_h_to_4h",
            Part.DOWN, "mlp.dense_4h_to_h"),
        prefix + "ln_f",
        config.tiedEmbeddings() ? prefix + "word_embeddings.weight" : "lm_head.weight",
        Map.of(
            Extra.EMBEDDING_NORM_WEIGHT, prefix + "word_embeddings_layernorm.weight",
            Extra.EMBEDDING_NORM_BIAS, prefix + "word_embeddings_layernorm.bias"));
  }
}
