package org.alignment4j.runtime.architecture;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.alignment4j.runtime.architecture.DecoderConfig.RotaryPositions;
import org.alignment4j.runtime.architecture.ParameterNames.Part;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.jspecify.annotations.Nullable;

/** What the families that descend from Llama have in common. */
final class RotaryDecoders {

  private static final String PREFIX = "model.";
  private static final String FULL = "full_attention";
  private static final String SLIDING = "sliding_attention";

  private RotaryDecoders() {}

  /**
   * The sizes of a decoder.
   *
   * @param vocab tokens
   * @param hidden width of the residual stream
   * @param layers blocks
   * @param heads query heads
   * @param kvHeads key and value heads
   * @param headDim width of one head
   * @param inner width of the MLP
   */
  record Sizes(int vocab, int hidden, int layers, int heads, int kvHeads, int headDim, int inner) {

    /**
     * Reads the sizes.
     *
     * @param defaultKvHeads where the key is absent, or null for as many as query heads
     * @param defaultHeadDim where the key is absent, or null for {@code hidden/heads}
     */
    static Sizes read(
        ConfigJson config, @Nullable Integer defaultKvHeads, @Nullable Integer defaultHeadDim) {
      int vocab = config.requiredSize("vocab_size");
      int hidden = config.requiredSize("hidden_size");
      int layers = config.requiredSize("num_hidden_layers");
      int heads = config.requiredSize("num_attention_heads");
      int kvHeads =
          config.size(
              "num_key_value_heads",
              defaultKvHeads == null || config.isNull("num_key_value_heads")
                  ? heads
                  : defaultKvHeads);
      if (heads % kvHeads != 0) {
        throw config.error(
            "num_key_value_heads",
            "num_key_value_heads must divide num_attention_heads " + heads + " but was " + kvHeads);
      }
      int width;
      if (config.has("head_dim")) {
        width = config.requiredSize("head_dim");
      } else if (defaultHeadDim == null || config.isNull("head_dim")) {
        width = ConfigRules.headDim(config, hidden, heads, "hidden_size", "num_attention_heads");
      } else {
        width = defaultHeadDim;
      }
      return new Sizes(
          vocab, hidden, layers, heads, kvHeads, width, config.requiredSize("intermediate_size"));
    }
  }

  /**
   * Rotary positions and the context in which they hold.
   *
   * @param rotary the positions
   * @param context tokens
   */
  record Context(RotaryPositions rotary, int context) {

    /** Reads them for heads that turn as a whole. */
    static Context full(ConfigJson config, int headDim, int defaultPositions) {
      int positions = config.size("max_position_embeddings", defaultPositions);
      return new Context(
          RotaryRules.readFull(config, headDim, positions), RotaryRules.context(config, positions));
    }
  }

  /** {@code sliding_window}: null is none, and absent what the family has. */
  static int window(ConfigJson config, int absent) {
    return config.isNull("sliding_window") ? 0 : config.size("sliding_window", absent);
  }

  /**
   * Windows by {@code layer_types}, or by the family's rule where there is none.
   *
   * @param window of the blocks that slide; 0 for none
   * @param slides the blocks that slide where {@code layer_types} is absent
   */
  static List<Integer> windows(ConfigJson config, int layers, int window, IntPredicate slides) {
    if (!config.has("layer_types")) {
      return IntStream.range(0, layers).mapToObj(l -> slides.test(l) ? window : 0).toList();
    }
    List<String> types = config.strings("layer_types");
    if (types.size() != layers || !Set.of(FULL, SLIDING).containsAll(types)) {
      throw config.error(
          "layer_types",
          "layer_types must have "
              + layers
              + " entries, each "
              + FULL
              + " or "
              + SLIDING
              + ", but was "
              + types);
    }
    if (window == 0 && types.contains(SLIDING)) {
      throw config.error(
          "layer_types",
          "layer_types must have no "
              + SLIDING
              + " where no sliding window is used but was "
              + types
              + "; give sliding_window, and use_sliding_window if the family has it");
    }
    return types.stream().map(t -> t.equals(SLIDING) ? window : 0).toList();
  }

  /**
   * Refuses {@code layer_types} that differ from what every block of the family does.
   *
   * @param slides whether every block slides
   */
  static void requireUniform(ConfigJson config, boolean slides) {
    String only = slides ? SLIDING : FULL;
    List<String> types = config.strings("layer_types");
    if (types.stream().anyMatch(t -> !t.equals(only))) {
      throw config.error(
          "layer_types", "layer_types must all be " + only + " in this family but was " + types);
    }
  }

  /** Names as Llama's, with some parts called otherwise, some more, some missing. */
  static ParameterNames names(
      DecoderConfig config, Set<String> present, Map<Part, String> others, Part... missing) {
    String prefix = DecoderFamily.prefix(PREFIX, "embed_tokens", present);
    Map<Part, String> parts = new EnumMap<>(Part.class);
    parts.putAll(
        Map.of(
            Part.ATTENTION_NORM, "input_layernorm",
            Part.QUERY, "self_attn.q_proj",
            Part.KEY, "self_attn.k_proj",
            Part.VALUE, "self_attn.v_proj",
            Part.OUTPUT, "self_attn.o_proj",
            Part.MLP_NORM, "post_attention_layernorm",
            Part.GATE, "mlp.gate_proj",
            Part.UP, "mlp.up_proj",
            Part.DOWN, "mlp.down_proj"));
    parts.putAll(others);
    parts.keySet().removeAll(Set.of(missing));
    return new NameTable(
        prefix + "embed_tokens",
        null,
        prefix + "layers",
        parts,
        prefix + "norm",
        config.tiedEmbeddings() ? prefix + "embed_tokens.weight" : "lm_head.weight");
  }
}
