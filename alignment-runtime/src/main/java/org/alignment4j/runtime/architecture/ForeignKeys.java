package org.alignment4j.runtime.architecture;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.alignment4j.api.CheckpointException;
import org.alignment4j.runtime.architecture.DecoderConfig.RotaryPositions;
import org.alignment4j.runtime.checkpoint.ConfigJson;

/**
 * Keys by which families that are not supported, or another one, change what a decoder computes.
 * Checkpoints that took them over under a supported {@code model_type} would load and compute
 * something else, so they are refused by name, unless their value changes nothing.
 */
final class ForeignKeys {

  private static final String CLASSES = "architectures";
  private static final String REMOTE_CODE = "auto_map";

  /** Factors, of which 1 changes nothing. */
  private static final List<String> FACTORS =
      List.of("residual_multiplier", "logits_scaling", "logit_scale", "embedding_multiplier");

  private static final List<String> CAPS =
      List.of("attn_logit_softcapping", "final_logit_softcapping");

  private static final List<String> FLAGS = List.of("use_qk_norm", "qk_layernorm");

  private static final List<String> EXPERTS =
      List.of("num_experts", "num_local_experts", "n_routed_experts");

  private final ConfigJson config;
  private final DecoderFamily family;
  private final DecoderConfig decoder;

  private ForeignKeys(ConfigJson config, DecoderFamily family, DecoderConfig decoder) {
    this.config = config;
    this.family = family;
    this.decoder = decoder;
  }

  /**
   * Checks a configuration.
   *
   * @param decoder what the family read from it
   * @throws CheckpointException if a key asks for what the family does not compute
   */
  static void refuse(ConfigJson config, DecoderFamily family, DecoderConfig decoder) {
    new ForeignKeys(config, family, decoder).check();
  }

  private void check() {
    classes();
    remoteCode();
    FACTORS.forEach(key -> number(key, 1));
    if (!decoder.modelType().equals("gemma2")) {
      CAPS.forEach(key -> number(key, 0));
    }
    double scale = decoder.attentionScale();
    double multiplier = config.number("attention_multiplier", scale);
    if (Math.abs(multiplier - scale) > 1e-6 * scale) {
      throw refused("attention_multiplier", "must be the family's own " + scale);
    }
    boolean interleaved =
        decoder.positions() instanceof RotaryPositions rotary && rotary.interleaved();
    for (String key : FLAGS) {
      flag(key, false);
    }
    for (String key : List.of("rope_interleaved", "rope_interleave")) {
      flag(key, interleaved);
    }
    ropeLayers();
    experts();
  }

  private void number(String key, double neutral) {
    if (config.number(key, neutral) != neutral) {
      throw refused(key, "must be absent or " + (int) neutral);
    }
  }

  private void flag(String key, boolean own) {
    if (config.flag(key, own) != own) {
      throw refused(key, "must be absent or " + own);
    }
  }

  /** Which layers turn their heads: 1 for those that do. */
  private void ropeLayers() {
    if (config.has("no_rope_layers")
        && config.numbers("no_rope_layers").stream().anyMatch(turns -> turns != 1)) {
      throw refused("no_rope_layers", "must be absent or 1 for every layer");
    }
  }

  private void experts() {
    Variations.Experts own = decoder.variations().experts();
    for (String key : EXPERTS) {
      Integer count = config.integer(key);
      boolean neutral = count == null || (own == null ? count <= 1 : count == own.count());
      if (!neutral) {
        throw refused(
            key, "must be absent or " + (own == null ? "1" : String.valueOf(own.count())));
      }
    }
  }

  private Set<String> known() {
    String prefix = family.classPrefix();
    Set<String> known = new TreeSet<>();
    for (String suffix : List.of("ForCausalLM", "ForSequenceClassification", "Model")) {
      known.add(prefix + suffix);
    }
    known.add("GPT2LMHeadModel");
    known.removeIf(name -> !name.startsWith(prefix));
    return known;
  }

  private void classes() {
    for (String name : config.strings(CLASSES)) {
      if (!known().contains(name)) {
        throw config.error(
            CLASSES,
            "%s must be among %s for model_type %s but was '%s', which is not supported"
                .formatted(CLASSES, known(), family.modelType(), name));
      }
    }
  }

  /** Code of the checkpoint's own may compute anything, unless it is the family's class. */
  private void remoteCode() {
    ConfigJson map = config.object(REMOTE_CODE);
    if (map == null) {
      return;
    }
    for (String key : map.keys()) {
      String name = String.valueOf(map.plain(key));
      String simple = name.substring(name.lastIndexOf('.') + 1);
      if (key.startsWith("AutoModel") && !known().contains(simple)) {
        throw config.error(
            REMOTE_CODE,
            "%s.%s must name a class among %s but was '%s', code of the checkpoint's own, which is not run"
                .formatted(REMOTE_CODE, key, known(), name));
      }
    }
  }

  private CheckpointException refused(String key, String rule) {
    return config.error(
        key,
        "%s %s for model_type %s but was %s, which is not supported"
            .formatted(key, rule, family.modelType(), config.plain(key)));
  }
}
