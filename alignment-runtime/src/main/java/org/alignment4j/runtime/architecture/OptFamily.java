package org.alignment4j.runtime.architecture;

import static org.alignment4j.runtime.architecture.ConfigRules.activation;
import static org.alignment4j.runtime.architecture.ConfigRules.headDim;

import java.util.Map;
import java.util.Set;
import org.alignment4j.runtime.architecture.ConfigRules.SpecialTokens;
import org.alignment4j.runtime.architecture.DecoderConfig.LearnedPositions;
import org.alignment4j.runtime.architecture.DecoderConfig.LinearLayout;
import org.alignment4j.runtime.architecture.DecoderConfig.Norm;
import org.alignment4j.runtime.architecture.DecoderConfig.QkvArrangement;
import org.alignment4j.runtime.architecture.ParameterNames.Extra;
import org.alignment4j.runtime.architecture.ParameterNames.Part;
import org.alignment4j.runtime.architecture.Variations.NormPlacement;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.jspecify.annotations.Nullable;

/**
 * OPT: learned positions whose table starts two rows late, layer norm before or after each part,
 * and token embeddings that may be narrower than the residual stream.
 */
record OptFamily() implements DecoderFamily {

  private static final String PREFIX = "model.";
  private static final String DECODER = "decoder.";
  private static final int POSITION_OFFSET = 2;
  private static final double EPSILON = 1e-5;

  @Override
  public String modelType() {
    return "opt";
  }

  @Override
  public String classPrefix() {
    return "OPT";
  }

  @Override
  public DecoderConfig parse(ConfigJson config, @Nullable ConfigJson generation) {
    ConfigRules.refuseQuantised(config);
    ConfigRules.refuseFlag(config, "scale_embedding");
    if (!config.flag("layer_norm_elementwise_affine", true)) {
      throw config.error(
          "layer_norm_elementwise_affine",
          "layer_norm_elementwise_affine must be true but was false, which is not supported");
    }
    int vocab = config.requiredSize("vocab_size");
    int hidden = config.requiredSize("hidden_size");
    int heads = config.requiredSize("num_attention_heads");
    int headDim = headDim(config, hidden, heads, "hidden_size", "num_attention_heads");
    boolean biases = config.flag("enable_bias", true);
    boolean before = config.flag("do_layer_norm_before", true);
    SpecialTokens tokens = SpecialTokens.read(config, generation, vocab, 2, 2);
    return new DecoderConfig(
        modelType(),
        vocab,
        hidden,
        config.requiredSize("num_hidden_layers"),
        heads,
        heads,
        headDim,
        config.requiredSize("ffn_dim"),
        config.size("max_position_embeddings", 2048),
        Norm.LAYER_NORM,
        EPSILON,
        activation(config, "activation_function", "relu"),
        false,
        new LearnedPositions(POSITION_OFFSET),
        false,
        QkvArrangement.SEPARATE,
        LinearLayout.OUT_IN,
        biases,
        biases,
        biases,
        config.flag("tie_word_embeddings", true),
        1 / Math.sqrt(headDim),
        false,
        tokens.bos(),
        tokens.eos(),
        tokens.pad(),
        Variations.none().normPlacement(before ? NormPlacement.BEFORE : NormPlacement.AFTER_SUM),
        options(config, hidden, before));
  }

  private static DecoderOptions options(ConfigJson config, int hidden, boolean before) {
    int embedding = config.size("word_embed_proj_dim", hidden);
    DecoderOptions options =
        DecoderOptions.usual().finalNorm(before && !config.flag("_remove_final_layer_norm", false));
    return embedding == hidden ? options : options.embeddingSize(embedding);
  }

  @Override
  public ParameterNames names(DecoderConfig config, Set<String> present) {
    String decoder = DecoderFamily.prefix(PREFIX, DECODER + "embed_tokens", present) + DECODER;
    return new NameTable(
        decoder + "embed_tokens",
        decoder + "embed_positions",
        decoder + "layers",
        Map.of(
            Part.ATTENTION_NORM, "self_attn_layer_norm",
            Part.QUERY, "self_attn.q_proj",
            Part.KEY, "self_attn.k_proj",
            Part.VALUE, "self_attn.v_proj",
            Part.OUTPUT, "self_attn.out_proj",
            Part.MLP_NORM, "final_layer_norm",
            Part.UP, "fc1",
            Part.DOWN, "fc2"),
        decoder + "final_layer_norm",
        config.tiedEmbeddings() ? decoder + "embed_tokens.weight" : "lm_head.weight",
        Map.of(
            Extra.EMBEDDING_PROJECTION, decoder + "project_in.weight",
            Extra.HEAD_PROJECTION, decoder + "project_out.weight"));
  }
}
