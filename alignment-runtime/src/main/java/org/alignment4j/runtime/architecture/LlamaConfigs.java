package org.alignment4j.runtime.architecture;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.alignment4j.runtime.architecture.DecoderConfig.Activation;
import org.alignment4j.runtime.architecture.DecoderConfig.LinearLayout;
import org.alignment4j.runtime.architecture.DecoderConfig.Norm;
import org.alignment4j.runtime.architecture.DecoderConfig.QkvArrangement;
import org.alignment4j.runtime.architecture.DecoderConfig.RotaryPositions;
import org.alignment4j.runtime.checkpoint.ConfigJson;

/**
 * New models in Llama form: their architecture, and the configuration files they are saved with.
 */
public final class LlamaConfigs {

  private static final double NORM_EPSILON = 1e-5;
  private static final double THETA = 10_000;

  private LlamaConfigs() {}

  /**
   * A new architecture in Llama form with tied embeddings, no biases, RMS-norm epsilon 1e-5 and
   * rotary base 10000.
   *
   * @param vocabSize tokens
   * @param hiddenSize width of the residual stream; a multiple of {@code heads}
   * @param layers blocks
   * @param heads query heads
   * @param kvHeads key and value heads; divides {@code heads}
   * @param intermediateSize width of the gated MLP
   * @param maxPositions longest context
   * @param bosTokenId id that begins a sequence
   * @param eosTokenId id that ends a sequence
   */
  public static Architecture create(
      int vocabSize,
      int hiddenSize,
      int layers,
      int heads,
      int kvHeads,
      int intermediateSize,
      int maxPositions,
      int bosTokenId,
      int eosTokenId) {
    int headDim = hiddenSize / heads;
    if (headDim * heads != hiddenSize || headDim % 2 != 0) {
      throw new IllegalArgumentException(
          "hiddenSize must be an even multiple of heads " + heads + " but was " + hiddenSize);
    }
    DecoderConfig config =
        new DecoderConfig(
            "llama",
            vocabSize,
            hiddenSize,
            layers,
            heads,
            kvHeads,
            headDim,
            intermediateSize,
            maxPositions,
            Norm.RMS_NORM,
            NORM_EPSILON,
            Activation.SILU,
            true,
            new RotaryPositions(THETA, headDim),
            false,
            QkvArrangement.SEPARATE,
            LinearLayout.OUT_IN,
            false,
            false,
            false,
            true,
            1 / Math.sqrt(headDim),
            false,
            bosTokenId,
            Set.of(eosTokenId),
            null);
    return new Architecture(config, DecoderFamilies.of("llama").names(config, Set.of()));
  }

  /**
   * The {@code config.json} of an architecture in Llama form.
   *
   * @throws IllegalArgumentException if it is not in Llama form
   */
  public static ConfigJson json(DecoderConfig config) {
    RotaryPositions rotary = requireLlamaForm(config);
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("architectures", List.of("LlamaForCausalLM"));
    keys.put("attention_bias", config.qkvBias());
    keys.put("attention_dropout", 0.0);
    putTokens(keys, config);
    keys.put("head_dim", config.headDim());
    keys.put("hidden_act", activationName(config.activation()));
    keys.put("hidden_size", config.hiddenSize());
    keys.put("initializer_range", InitialWeights.STANDARD_DEVIATION);
    keys.put("intermediate_size", config.intermediateSize());
    keys.put("max_position_embeddings", config.maxPositions());
    keys.put("mlp_bias", config.mlpBias());
    keys.put("model_type", "llama");
    keys.put("num_attention_heads", config.heads());
    keys.put("num_hidden_layers", config.layers());
    keys.put("num_key_value_heads", config.kvHeads());
    keys.put("rms_norm_eps", config.normEpsilon());
    keys.put("rope_theta", rotary.theta());
    keys.put("tie_word_embeddings", config.tiedEmbeddings());
    keys.put("torch_dtype", "float32");
    keys.put("use_cache", true);
    keys.put("vocab_size", config.vocabSize());
    return ConfigJson.of("config.json", keys);
  }

  /** The {@code generation_config.json} that goes with it. */
  public static ConfigJson generationJson(DecoderConfig config) {
    Map<String, Object> keys = new LinkedHashMap<>();
    putTokens(keys, config);
    return ConfigJson.of("generation_config.json", keys);
  }

  private static void putTokens(Map<String, Object> keys, DecoderConfig config) {
    Integer bos = config.bosTokenId();
    if (bos != null) {
      keys.put("bos_token_id", bos);
    }
    List<Integer> eos = List.copyOf(new TreeSet<>(config.eosTokenIds()));
    if (!eos.isEmpty()) {
      keys.put("eos_token_id", eos.size() == 1 ? eos.get(0) : eos);
    }
    Integer pad = config.padTokenId();
    if (pad != null) {
      keys.put("pad_token_id", pad);
    }
  }

  private static String activationName(Activation activation) {
    return switch (activation) {
      case GELU_TANH -> "gelu_pytorch_tanh";
      case GELU_ERF -> "gelu";
      case SILU -> "silu";
      case RELU -> "relu";
    };
  }

  private static RotaryPositions requireLlamaForm(DecoderConfig config) {
    boolean form =
        config.norm() == Norm.RMS_NORM
            && config.gatedMlp()
            && !config.parallelResidual()
            && !config.scaleByInverseLayer()
            && config.options().equals(DecoderOptions.usual())
            && config.qkv() == QkvArrangement.SEPARATE
            && config.linear() == LinearLayout.OUT_IN
            && config.qkvBias() == config.outputBias()
            && config.attentionScale() == 1 / Math.sqrt(config.headDim())
            && config.variations().equals(Variations.none());
    if (form
        && config.positions() instanceof RotaryPositions rotary
        && rotary.rotaryDim() == config.headDim()
        && rotary.scaling() instanceof RotaryScaling.None
        && !rotary.interleaved()) {
      return rotary;
    }
    throw new IllegalArgumentException("config must be in Llama form but was " + config);
  }
}
