package org.alignment4j.runtime.architecture;

import static org.alignment4j.runtime.architecture.ConfigRules.activation;
import static org.alignment4j.runtime.architecture.ConfigRules.headDim;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignment4j.api.CheckpointException;
import org.alignment4j.runtime.architecture.ConfigRules.SpecialTokens;
import org.alignment4j.runtime.architecture.DecoderConfig.LearnedPositions;
import org.alignment4j.runtime.architecture.DecoderConfig.LinearLayout;
import org.alignment4j.runtime.architecture.DecoderConfig.Norm;
import org.alignment4j.runtime.architecture.DecoderConfig.QkvArrangement;
import org.alignment4j.runtime.architecture.ParameterNames.Part;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.jspecify.annotations.Nullable;

/**
 * GPT-Neo: learned positions, attention scores that are not scaled, and layers whose attention sees
 * the last {@code window_size} tokens only.
 */
record GptNeoFamily() implements DecoderFamily {

  private static final String PREFIX = "transformer.";
  private static final String TYPES = "attention_types";
  private static final String LAYERS = "attention_layers";

  @Override
  public String modelType() {
    return "gpt_neo";
  }

  @Override
  public String classPrefix() {
    return "GPTNeo";
  }

  @Override
  public DecoderConfig parse(ConfigJson config, @Nullable ConfigJson generation) {
    ConfigRules.refuseQuantised(config);
    int vocab = config.requiredSize("vocab_size");
    int hidden = config.requiredSize("hidden_size");
    int layers = ConfigRules.requiredSize(config, "num_layers", "num_hidden_layers");
    int heads = ConfigRules.requiredSize(config, "num_heads", "num_attention_heads");
    int headDim = headDim(config, hidden, heads, "hidden_size", "num_heads");
    int maxPositions = config.size("max_position_embeddings", 2048);
    SpecialTokens tokens = SpecialTokens.read(config, generation, vocab, 50256, 50256);
    return new DecoderConfig(
        modelType(),
        vocab,
        hidden,
        layers,
        heads,
        heads,
        headDim,
        config.size("intermediate_size", 4 * hidden),
        maxPositions,
        Norm.LAYER_NORM,
        ConfigRules.epsilon(config, "layer_norm_epsilon", 1e-5),
        activation(config, "activation_function", "gelu_new"),
        false,
        new LearnedPositions(),
        false,
        QkvArrangement.SEPARATE,
        LinearLayout.OUT_IN,
        false,
        true,
        true,
        config.flag("tie_word_embeddings", true),
        1,
        false,
        tokens.bos(),
        tokens.eos(),
        tokens.pad(),
        Variations.none().windows(windows(config, layers, maxPositions)));
  }

  private static List<Integer> windows(ConfigJson config, int layers, int maxPositions) {
    int size = config.size("window_size", 256);
    // A window as long as the context hides nothing.
    int local = size >= maxPositions ? 0 : size;
    List<Integer> windows = new ArrayList<>();
    for (String type : types(config, layers)) {
      windows.add(type.equals("local") ? local : 0);
    }
    return windows;
  }

  /** The kind of each layer's attention, {@code global} or {@code local}. */
  private static List<String> types(ConfigJson config, int layers) {
    List<String> types = new ArrayList<>();
    String key = TYPES;
    if (config.has(TYPES)) {
      expand(config, types, layers);
      if (config.has(LAYERS) && !config.strings(LAYERS).equals(types)) {
        throw config.error(
            LAYERS,
            LAYERS + " must be what attention_types gives but was " + config.strings(LAYERS));
      }
    } else if (config.has(LAYERS)) {
      key = LAYERS;
      types.addAll(config.strings(LAYERS));
    } else {
      // Hugging Face's default is 12 times this pair, whatever the layers.
      for (int i = 0; i < 12; i++) {
        types.addAll(List.of("global", "local"));
      }
    }
    if (types.size() != layers) {
      throw config.error(
          key, key + " must name num_layers " + layers + " layers but names " + types.size());
    }
    for (String type : types) {
      if (!type.equals("global") && !type.equals("local")) {
        throw config.error(key, key + " must be global or local but has '" + type + "'");
      }
    }
    return types;
  }

  /** Pairs of a list of kinds and how often it repeats. */
  private static void expand(ConfigJson config, List<String> types, int layers) {
    if (!(config.plain(TYPES) instanceof List<?> pairs)) {
      throw malformed(config);
    }
    for (Object entry : pairs) {
      if (!(entry instanceof List<?> pair)
          || pair.size() != 2
          || !(pair.get(0) instanceof List<?> kinds)
          || !(pair.get(1) instanceof Integer times)) {
        throw malformed(config);
      }
      if (times < 0 || times > layers) {
        throw config.error(
            TYPES,
            TYPES
                + " must repeat its layers 0 to num_layers "
                + layers
                + " times but has "
                + times);
      }
      if ((long) times * kinds.size() > layers - types.size()) {
        throw config.error(
            TYPES, TYPES + " must name num_layers " + layers + " layers but names more");
      }
      for (int i = 0; i < times; i++) {
        for (Object kind : kinds) {
          types.add(String.valueOf(kind));
        }
      }
    }
  }

  private static CheckpointException malformed(ConfigJson config) {
    return config.error(
        TYPES,
        TYPES
            + " must be pairs such as [[\"global\", \"local\"], 12] but was "
            + config.plain(TYPES));
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
            Part.QUERY, "attn.attention.q_proj",
            Part.KEY, "attn.attention.k_proj",
            Part.VALUE, "attn.attention.v_proj",
            Part.OUTPUT, "attn.attention.out_proj",
            Part.MLP_NORM, "ln_2",
            Part.UP, "mlp.c_fc",
            Part.DOWN, "mlp.c_proj"),
        prefix + "ln_f",
        config.tiedEmbeddings() ? prefix + "wte.weight" : "lm_head.weight");
  }
}
