package org.alignment4j.interp.feature;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.CheckpointException;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.Values;
import org.alignment4j.interp.feature.SaeActivation.Gated;
import org.alignment4j.interp.feature.SaeActivation.JumpRelu;
import org.alignment4j.interp.feature.SaeActivation.Relu;
import org.alignment4j.interp.feature.SaeActivation.TopK;
import org.alignment4j.runtime.checkpoint.ConfigJson;

/**
 * {@code cfg.json} of SAELens. Since version 6 what belongs to the model is in {@code metadata};
 * before, it lay beside the rest under names of which some have changed.
 */
final class SaeLensConfig {
  /** The version whose layout is written; SAELens reads one without it as older than 6. */
  private static final String LAYOUT = "6.0.0";

  private static final String FORMAT = "alignment4j-sae";
  private static final int VERSION = 1;

  private static final List<String> ARCHITECTURES =
      List.of(
          "standard",
          "gated",
          "topk",
          "jumprelu",
          "transcoder",
          "skip_transcoder",
          "jumprelu_transcoder");

  private SaeLensConfig() {}

  static SaeConfig read(ConfigJson json) {
    ConfigJson metadata = json.object("metadata");
    ConfigJson about = metadata == null ? json : metadata;
    requireVersion(json, about);
    String architecture = architecture(json);
    boolean transcoder = architecture.endsWith("transcoder");
    int inputSize = json.requiredSize("d_in");
    SaeSite site = site(json, about, transcoder);
    requireReshape(json, site);
    try {
      return new SaeConfig(
          inputSize,
          transcoder ? json.requiredSize("d_out") : inputSize,
          json.requiredSize("d_sae"),
          activation(json, architecture),
          normalisation(json),
          !transcoder && json.flag("apply_b_dec_to_input", true),
          architecture.equals("skip_transcoder"),
          site);
    } catch (IllegalArgumentException e) {
      throw new CheckpointException(json + ": " + e.getMessage(), e);
    }
  }

  /** SAELens before version 6 multiplied features by factors that training had fitted. */
  static Map<String, Values> renamed(ConfigJson json, Map<String, Values> tensors) {
    Map<String, Values> kept = new LinkedHashMap<>(tensors);
    if (!json.flag("finetuning_scaling_factor", false)) {
      kept.remove("scaling_factor");
    } else if (kept.containsKey("scaling_factor")) {
      throw json.error(
          "finetuning_scaling_factor",
          "must be false: factors on features are not supported; multiply the rows of W_dec by"
              + " them, which is the same");
    }
    return kept;
  }

  private static void requireVersion(ConfigJson json, ConfigJson about) {
    if (FORMAT.equals(about.string("format"))) {
      Integer version = about.integer("version");
      if (version == null || version > VERSION) {
        throw json.error(
            "metadata.version",
            "must be at most "
                + VERSION
                + " but was "
                + version
                + "; use the release that wrote it");
      }
    }
  }

  private static String architecture(ConfigJson json) {
    String named = json.string("architecture");
    String function =
        json.string(json.has("activation_fn") ? "activation_fn" : "activation_fn_str");
    if (named == null) {
      named = "standard";
    }
    if (named.equals("standard") && "topk".equals(function)) {
      return "topk";
    }
    if (!ARCHITECTURES.contains(named)) {
      throw json.error(
          "architecture",
          "must be one of "
              + ARCHITECTURES
              + " but was '"
              + named
              + "'; export it as one of these, a BatchTopK or Matryoshka one as jumprelu");
    }
    if (function != null && !List.of("relu", "topk").contains(function)) {
      throw json.error("activation_fn", "must be relu or topk but was '" + function + "'");
    }
    return named;
  }

  private static SaeActivation activation(ConfigJson json, String architecture) {
    return switch (architecture) {
      case "gated" -> new Gated();
      case "jumprelu", "jumprelu_transcoder" -> new JumpRelu();
      case "topk" -> new TopK(k(json), json.flag("rescale_acts_by_decoder_norm", false));
      default -> new Relu();
    };
  }

  private static int k(ConfigJson json) {
    ConfigJson arguments = json.object("activation_fn_kwargs");
    return arguments != null && arguments.has("k")
        ? arguments.requiredSize("k")
        : json.requiredSize("k");
  }

  private static InputNormalisation normalisation(ConfigJson json) {
    Object value = json.plain("normalize_activations");
    if (value instanceof Boolean scaled) {
      return scaled ? InputNormalisation.EXPECTED_AVERAGE_ONLY_IN : InputNormalisation.NONE;
    }
    try {
      return value == null ? InputNormalisation.NONE : InputNormalisation.of(value.toString());
    } catch (IllegalArgumentException e) {
      throw json.error("normalize_activations", String.valueOf(e.getMessage()));
    }
  }

  private static SaeSite site(ConfigJson json, ConfigJson about, boolean transcoder) {
    HookPoint<?> point = point(about, "hook_name", "hook_point");
    if (about.integer("hook_head_index") != null) {
      throw json.error(
          "hook_head_index", "must be null: autoencoders of one head are not supported");
    }
    String model = about.string("model_name");
    if (model == null) {
      throw json.error("model_name", "must name the model but is missing");
    }
    try {
      return transcoder
          ? SaeSite.transcoder(model, point, point(about, "hook_name_out", "hook_point_out"))
          : SaeSite.of(model, point);
    } catch (IllegalArgumentException e) {
      throw new CheckpointException(json + ": " + e.getMessage(), e);
    }
  }

  private static HookPoint<?> point(ConfigJson about, String key, String formerKey) {
    String name = about.string(about.has(key) ? key : formerKey);
    if (name == null) {
      throw about.error(key, "must name the hook point but is missing");
    }
    try {
      return HookPoint.parse(name);
    } catch (IllegalArgumentException e) {
      throw about.error(key, String.valueOf(e.getMessage()));
    }
  }

  private static void requireReshape(ConfigJson json, SaeSite site) {
    String reshape = json.string("reshape_activations");
    if (reshape == null || reshape.equals("none")) {
      return;
    }
    if (!reshape.equals("hook_z") || !site.point().name().endsWith("hook_z")) {
      throw json.error(
          "reshape_activations",
          "must be none, or hook_z at a point of that name, but was '"
              + reshape
              + "' at "
              + site.point());
    }
  }

  static ConfigJson write(SaeConfig config, String place) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("architecture", architecture(config));
    fields.put("d_in", config.inputSize());
    fields.put("d_sae", config.width());
    if (config.site().target().isPresent()) {
      fields.put("d_out", config.outputSize());
    }
    fields.put("dtype", "float32");
    fields.put("device", "cpu");
    fields.put("apply_b_dec_to_input", config.subtractsDecoderBias());
    fields.put("normalize_activations", config.normalisation().label());
    fields.put(
        "reshape_activations", config.site().point().name().endsWith("hook_z") ? "hook_z" : "none");
    if (config.activation() instanceof TopK topK) {
      fields.put("k", topK.k());
      fields.put("rescale_acts_by_decoder_norm", topK.rescaledByDecoderNorm());
    }
    fields.put("metadata", metadata(config.site()));
    return ConfigJson.of(place, fields);
  }

  private static Map<String, Object> metadata(SaeSite site) {
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("sae_lens_version", LAYOUT);
    metadata.put("format", FORMAT);
    metadata.put("version", VERSION);
    metadata.put("model_name", site.modelName());
    metadata.put("hook_name", site.point().name());
    site.target().ifPresent(target -> metadata.put("hook_name_out", target.name()));
    if (site.point().layer() >= 0) {
      metadata.put("hook_layer", site.point().layer());
    }
    return metadata;
  }

  private static String architecture(SaeConfig config) {
    boolean transcoder = config.site().target().isPresent();
    if (!transcoder) {
      if (config.activation() instanceof Gated) {
        return "gated";
      }
      if (config.activation() instanceof TopK) {
        return "topk";
      }
      return config.activation() instanceof JumpRelu ? "jumprelu" : "standard";
    }
    if (config.activation() instanceof Relu) {
      return config.skip() ? "skip_transcoder" : "transcoder";
    }
    if (config.activation() instanceof JumpRelu && !config.skip()) {
      return "jumprelu_transcoder";
    }
    throw new IllegalArgumentException(
        "a transcoder must be of ReLU, or of JumpReLU without a skip, to be saved as SAELens does"
            + " but was "
            + config.activation()
            + (config.skip() ? " with a skip" : ""));
  }
}
