package org.alignment4j.runtime.architecture;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.alignment4j.runtime.architecture.DecoderConfig.Activation;
import org.alignment4j.runtime.checkpoint.CheckpointFolder;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.jspecify.annotations.Nullable;

/** Rules that several families' configurations share. */
final class ConfigRules {

  private static final Map<String, Activation> ACTIVATIONS =
      Map.of(
          "gelu_new", Activation.GELU_TANH,
          "gelu_pytorch_tanh", Activation.GELU_TANH,
          "gelu_fast", Activation.GELU_TANH,
          "gelu", Activation.GELU_ERF,
          "gelu_python", Activation.GELU_ERF,
          "silu", Activation.SILU,
          "swish", Activation.SILU,
          "relu", Activation.RELU);

  private ConfigRules() {}

  static Activation activation(ConfigJson config, String key, String absent) {
    String given = config.string(key);
    String name = given == null ? absent : given;
    Activation activation = ACTIVATIONS.get(name);
    if (activation == null) {
      throw config.error(
          key,
          key
              + " must be one of "
              + new TreeMap<>(ACTIVATIONS).keySet()
              + " but was '"
              + name
              + "', which is not supported");
    }
    return activation;
  }

  static int headDim(ConfigJson config, int hidden, int heads, String hiddenKey, String headsKey) {
    if (hidden % heads != 0) {
      throw config.error(
          hiddenKey,
          hiddenKey + " must be a multiple of " + headsKey + " " + heads + " but was " + hidden);
    }
    return hidden / heads;
  }

  static double epsilon(ConfigJson config, String key, double absent) {
    double epsilon = config.number(key, absent);
    if (epsilon < 0) {
      throw config.error(key, key + " must not be negative but was " + epsilon);
    }
    return epsilon;
  }

  static void refuseFlag(ConfigJson config, String key) {
    if (config.flag(key, false)) {
      throw config.error(key, key + " must be false but was true, which is not supported");
    }
  }

  /**
   * Refuses a key that Hugging Face's class of the family does not read.
   *
   * @param why what the family has instead
   */
  static void refuseOther(ConfigJson config, String key, String why) {
    if (config.has(key)) {
      throw config.error(
          key, key + " must be absent, for " + why + ", but was " + config.plain(key));
    }
  }

  /** A positive integer that must be there under one of two names, and agree where under both. */
  static int requiredSize(ConfigJson config, String key, String alias) {
    if (!config.has(alias)) {
      return config.requiredSize(key);
    }
    return size(config, key, alias, 0);
  }

  /** A positive integer under one of two names, or {@code absent}. */
  static int size(ConfigJson config, String key, String alias, int absent) {
    int own = config.size(key, absent);
    int other = config.size(alias, own);
    if (config.has(key) && own != other) {
      throw config.error(
          key, key + " and " + alias + " must agree but were " + own + " and " + other);
    }
    return other;
  }

  static void refuseQuantised(ConfigJson config) {
    if (config.has("quantization_config") && !CheckpointFolder.quantisedHere(config)) {
      throw config.error(
          "quantization_config",
          "quantised checkpoints are not supported unless saved by this library; use the model's"
              + " F32, F16 or BF16 checkpoint");
    }
  }

  /**
   * Ids with a meaning.
   *
   * @param bos begins a sequence, or null
   * @param eos end a sequence; perhaps none
   * @param pad pads, or null
   */
  record SpecialTokens(@Nullable Integer bos, Set<Integer> eos, @Nullable Integer pad) {

    /**
     * Reads the ids. What {@code generation_config.json} says wins, since generation obeys it; the
     * family's default counts only if the vocabulary has it, for tiny models keep the family's name
     * but not its vocabulary.
     */
    static SpecialTokens read(
        ConfigJson config,
        @Nullable ConfigJson generation,
        int vocab,
        @Nullable Integer defaultBos,
        @Nullable Integer defaultEos) {
      List<Integer> bos = ids("bos_token_id", config, generation, vocab, defaultBos);
      List<Integer> eos = ids("eos_token_id", config, generation, vocab, defaultEos);
      List<Integer> pad = ids("pad_token_id", config, generation, vocab, null);
      return new SpecialTokens(
          bos.isEmpty() ? null : bos.get(0), Set.copyOf(eos), pad.isEmpty() ? null : pad.get(0));
    }

    private static List<Integer> ids(
        String key,
        ConfigJson config,
        @Nullable ConfigJson generation,
        int vocab,
        @Nullable Integer absent) {
      ConfigJson source = generation != null && generation.has(key) ? generation : config;
      if (!source.has(key)) {
        return absent == null || absent >= vocab ? List.of() : List.of(absent);
      }
      // Early Llama checkpoints say -1 for "none".
      List<Integer> ids = source.integers(key).stream().filter(id -> id != -1).toList();
      for (int id : ids) {
        if (id < 0 || id >= vocab) {
          throw source.error(
              key, key + " must be an id below vocab_size " + vocab + " but was " + id);
        }
      }
      return ids;
    }
  }
}
