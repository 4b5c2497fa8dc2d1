package org.alignment4j.runtime.architecture;

import static org.alignment4j.runtime.architecture.ConfigRules.activation;

import java.util.Collections;
import java.util.List;
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
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.jspecify.annotations.Nullable;

/**
 * Llama and its closest relatives: rotary positions, RMS norm, gated MLP, grouped key and value
 * heads.
 *
 * @param kind which of them
 */
record LlamaFamily(Kind kind) implements DecoderFamily {

  /** The relatives. */
  enum Kind {
    LLAMA("llama", "Llama", 2048),
    /** A sliding window in every block. */
    MISTRAL("mistral", "Mistral", 131_072),
    /** Biases on query, key and value alone; a sliding window in the later blocks. */
    QWEN2("qwen2", "Qwen2", 32_768),
    /** Queries and keys normalised head by head; a sliding window in the later blocks. */
    QWEN3("qwen3", "Qwen3", 32_768),
    /** Several MLPs in each block, among which each token chooses. */
    MIXTRAL("mixtral", "Mixtral", 131_072);

    private final String modelType;
    private final String classPrefix;
    private final int maxPositions;

    Kind(String modelType, String classPrefix, int maxPositions) {
      this.modelType = modelType;
      this.classPrefix = classPrefix;
      this.maxPositions = maxPositions;
    }

    private boolean qwen() {
      return this == QWEN2 || this == QWEN3;
    }
  }

  /** Blocks of Qwen that see everything where {@code max_window_layers} does not say. */
  private static final int FULL_BLOCKS = 28;

  private static final int DEFAULT_WINDOW = 4096;

  @Override
  public String modelType() {
    return kind.modelType;
  }

  @Override
  public String classPrefix() {
    return kind.classPrefix;
  }

  @Override
  public DecoderConfig parse(ConfigJson given, @Nullable ConfigJson generation) {
    ConfigJson config = kind == Kind.MIXTRAL ? mixtral(given) : given;
    ConfigRules.refuseQuantised(config);
    Sizes sizes =
        switch (kind) {
          case LLAMA, QWEN2 -> Sizes.read(config, null, null);
          case MISTRAL, MIXTRAL -> Sizes.read(config, 8, null);
          case QWEN3 -> Sizes.read(config, 32, 128);
        };
    Context context = Context.full(config, sizes.headDim(), kind.maxPositions);
    boolean attentionBias =
        (kind == Kind.LLAMA || kind == Kind.QWEN3) && config.flag("attention_bias", false);
    SpecialTokens tokens =
        kind.qwen()
            ? SpecialTokens.read(config, generation, sizes.vocab(), null, null)
            : SpecialTokens.read(config, generation, sizes.vocab(), 1, 2);
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
        ConfigRules.epsilon(config, "rms_norm_eps", kind == Kind.MIXTRAL ? 1e-5 : 1e-6),
        activation(config, "hidden_act", "silu"),
        true,
        context.rotary(),
        false,
        QkvArrangement.SEPARATE,
        LinearLayout.OUT_IN,
        kind == Kind.QWEN2 || attentionBias,
        attentionBias,
        kind == Kind.LLAMA && config.flag("mlp_bias", false),
        config.flag("tie_word_embeddings", false),
        1 / Math.sqrt(sizes.headDim()),
        false,
        tokens.bos(),
        tokens.eos(),
        tokens.pad(),
        variations(config)
            .windows(windows(config, sizes.layers()))
            .headNorm(kind == Kind.QWEN3 ? HeadNorm.EACH : HeadNorm.NONE));
  }

  /** Mixtral's own base of the frequencies where no key gives one. */
  private static ConfigJson mixtral(ConfigJson config) {
    ConfigJson newer = config.object("rope_parameters");
    boolean says = config.has("rope_theta") || (newer != null && newer.has("rope_theta"));
    return says ? config : config.with("rope_theta", 1e6);
  }

  private Variations variations(ConfigJson config) {
    if (kind != Kind.MIXTRAL) {
      return Variations.none();
    }
    if (config.number("router_jitter_noise", 0) != 0) {
      throw config.error(
          "router_jitter_noise",
          "router_jitter_noise must be 0 but was "
              + config.number("router_jitter_noise", 0)
              + ", which is not supported");
    }
    int count = config.size("num_local_experts", 8);
    int perToken = config.size("num_experts_per_tok", 2);
    if (perToken > count) {
      throw config.error(
          "num_experts_per_tok",
          "num_experts_per_tok must be at most num_local_experts "
              + count
              + " but was "
              + perToken);
    }
    return Variations.none().experts(new Variations.Experts(count, perToken));
  }

  private List<Integer> windows(ConfigJson config, int layers) {
    if (kind.qwen()) {
      int window =
          config.flag("use_sliding_window", false)
              ? RotaryDecoders.window(config, DEFAULT_WINDOW)
              : 0;
      Integer full = config.integer("max_window_layers");
      int first = full == null ? FULL_BLOCKS : full;
      return RotaryDecoders.windows(config, layers, window, layer -> layer >= first);
    }
    int window =
        switch (kind) {
          case MISTRAL -> RotaryDecoders.window(config, DEFAULT_WINDOW);
          case MIXTRAL -> RotaryDecoders.window(config, 0);
          default -> 0;
        };
    RotaryDecoders.requireUniform(config, window > 0);
    return Collections.nCopies(layers, window);
  }

  @Override
  public ParameterNames names(DecoderConfig config, Set<String> present) {
    Map<Part, String> more =
        switch (kind) {
          case QWEN3 ->
              Map.of(Part.QUERY_NORM, "self_attn.q_norm", Part.KEY_NORM, "self_attn.k_norm");
          case MIXTRAL -> {
            String expert = "block_sparse_moe.experts." + NameTable.EXPERT;
            yield Map.of(
                Part.ROUTER, "block_sparse_moe.gate",
                Part.GATE, expert + ".w1",
                Part.DOWN, expert + ".w2",
                Part.UP, expert + ".w3");
          }
          default -> Map.of();
        };
    return RotaryDecoders.names(config, present, more);
  }
}
