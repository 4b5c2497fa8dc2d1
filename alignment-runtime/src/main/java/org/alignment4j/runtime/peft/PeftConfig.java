package org.alignment4j.runtime.peft;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignment4j.api.CheckpointException;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * The content of an {@code adapter_config.json} of PEFT's LoRA, rank-stabilised LoRA and DoRA
 * included. A field that would change what the adapter computes and is not understood is refused by
 * name. Immutable and thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class PeftConfig {

  /** PEFT's default of {@code r} and of {@code lora_alpha}. */
  private static final int DEFAULT = 8;

  private static final Set<String> UNDERSTOOD =
      Set.of(
          "peft_type",
          "task_type",
          "base_model_name_or_path",
          "r",
          "lora_alpha",
          "lora_dropout",
          "use_rslora",
          "use_dora",
          "bias",
          "fan_in_fan_out",
          "init_lora_weights",
          "target_modules",
          "exclude_modules",
          "layers_to_transform",
          "layers_pattern",
          "rank_pattern",
          "alpha_pattern",
          "modules_to_save");

  /** Fields about how the adapter was made or where it runs, not about what it computes. */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "auto_mapping",
          "revision",
          "inference_mode",
          "peft_version",
          "megatron_core",
          "runtime_config",
          "eva_config",
          "qalora_group_size");

  /** Fields of variants that are not supported: they must say that the variant is not used. */
  private static final Set<String> MUST_BE_OFF =
      Set.of(
          "loftq_config",
          "corda_config",
          "lora_ga_config",
          "megatron_config",
          "trainable_token_indices",
          "velora_config",
          "alora_invocation_tokens",
          "use_qalora",
          "monteclora_config",
          "layer_replication",
          "lora_bias",
          "target_parameters",
          "use_bdlora",
          "arrow_config",
          "kasa_config",
          "ensure_weight_tying");

  private static final Set<String> HARMLESS_STARTS = Set.of("gaussian", "eva", "orthogonal");
  private static final Set<String> TASKS = Set.of("CAUSAL_LM", "SEQ_CLS");

  private final String text;
  private final String place;
  private final int rank;
  private final double alpha;
  private final boolean rsLora;
  private final boolean dora;
  private final double dropout;
  private final @Nullable String taskType;
  private final @Nullable String baseModel;
  private final TrainedBiases biases;
  private final List<String> modulesToSave;
  private final TargetModules targets;
  private final List<ModulePattern> ranks;
  private final List<ModulePattern> alphas;

  private PeftConfig(String text, ConfigJson config) {
    refuseOtherMethods(config);
    refuseUnknown(config);
    refuseUnsupported(config);
    this.text = text;
    this.place = config.toString();
    this.rank = config.size("r", DEFAULT);
    this.alpha = config.number("lora_alpha", DEFAULT);
    if (alpha <= 0) {
      throw config.error("lora_alpha", "lora_alpha must be positive but was " + alpha);
    }
    this.rsLora = config.flag("use_rslora", false);
    this.dora = config.flag("use_dora", false);
    this.dropout = config.number("lora_dropout", 0);
    if (dropout < 0 || dropout >= 1) {
      throw config.error(
          "lora_dropout", "lora_dropout must be at least 0 and below 1 but was " + dropout);
    }
    this.taskType = config.string("task_type");
    this.baseModel = config.string("base_model_name_or_path");
    this.biases = TrainedBiases.read(config);
    this.modulesToSave = TargetModules.list(config, "modules_to_save");
    this.targets = TargetModules.read(config);
    this.ranks = patterns(config, "rank_pattern", true);
    this.alphas = patterns(config, "alpha_pattern", false);
  }

  /**
   * Reads a configuration.
   *
   * @param place name of the file, for messages
   * @param text its content
   * @return the configuration
   * @throws CheckpointException if the text is no JSON object, or a field is missing, broken, not
   *     understood or asks for something that is not supported
   */
  public static PeftConfig parse(String place, String text) {
    return new PeftConfig(text, ConfigJson.parse(place, text));
  }

  private static void refuseOtherMethods(ConfigJson config) {
    String type = config.string("peft_type");
    if (!"LORA".equals(type)) {
      throw config.error(
          "peft_type",
          "peft_type must be LORA, of which rsLoRA and DoRA are variants, but "
              + (type == null ? "is absent" : "was '" + type + "', which is not supported"));
    }
    String task = config.string("task_type");
    if (task != null && !TASKS.contains(task)) {
      throw config.error(
          "task_type",
          "task_type must be CAUSAL_LM or SEQ_CLS but was '" + task + "', which is not supported");
    }
  }

  private static void refuseUnknown(ConfigJson config) {
    for (String key : config.keys()) {
      if (!UNDERSTOOD.contains(key)
          && !WITHOUT_EFFECT.contains(key)
          && !MUST_BE_OFF.contains(key)) {
        throw config.error(
            key,
            "fields must be ones of PEFT's LoraConfig that are understood here but '"
                + key
                + "' is not; if it does not change what the adapter computes, remove it");
      }
      if (MUST_BE_OFF.contains(key) && !off(config.plain(key))) {
        throw config.error(
            key,
            key
                + " must be off (null, false or empty) but was "
                + config.plain(key)
                + ", which is not supported; merge the adapter in Python");
      }
    }
  }

  private static boolean off(@Nullable Object value) {
    return value == null
        || Boolean.FALSE.equals(value)
        || (value instanceof Collection<?> c && c.isEmpty())
        || (value instanceof Map<?, ?> m && m.isEmpty());
  }

  private static void refuseUnsupported(ConfigJson config) {
    config.flag("fan_in_fan_out", false);
    Object start = config.plain("init_lora_weights");
    if (start != null && !(start instanceof Boolean) && !HARMLESS_STARTS.contains(start)) {
      throw config.error(
          "init_lora_weights",
          "init_lora_weights must be true, false or one of "
              + HARMLESS_STARTS.stream().sorted().toList()
              + " but was '"
              + start
              + "', which changes the weights that the adapter is of; save it in Python with"
              + " path_initial_model_for_weight_conversion, or set it to true where the base model"
              + " is the one with the changed weights");
    }
  }

  private static List<ModulePattern> patterns(ConfigJson config, String field, boolean integers) {
    ConfigJson patterns = config.object(field);
    List<ModulePattern> all = new ArrayList<>();
    if (patterns != null) {
      for (String key : patterns.keys()) {
        double value = integers ? patterns.requiredSize(key) : patterns.number(key, 0);
        if (value <= 0) {
          throw config.error(
              field, "values must be positive but that of '" + key + "' was " + value);
        }
        PythonPattern pattern =
            PythonPattern.of("(.*\\.)?(", key, ")$", problem -> config.error(field, problem));
        all.add(new ModulePattern(pattern, value));
      }
    }
    return List.copyOf(all);
  }

  /**
   * Returns the rank of a module's adapter.
   *
   * @param module full name of the module
   * @return the value of the first expression of {@code rank_pattern} that matches, else {@code r}
   */
  public int rank(String module) {
    return (int) first(ranks, module, rank);
  }

  /**
   * Returns the numerator of the scale of a module's adapter.
   *
   * @param module full name of the module
   * @return the value of the first expression of {@code alpha_pattern} that matches, else {@code
   *     lora_alpha}
   */
  public double alpha(String module) {
    return first(alphas, module, alpha);
  }

  /**
   * Returns the factor s of a module's adapter.
   *
   * @param module full name of the module
   * @return {@code alpha/rank}, or {@code alpha/sqrt(rank)} with {@code use_rslora}
   */
  public double scale(String module) {
    double r = rank(module);
    return alpha(module) / (rsLora ? Math.sqrt(r) : r);
  }

  private static double first(List<ModulePattern> patterns, String module, double otherwise) {
    for (ModulePattern p : patterns) {
      if (p.pattern().matchesStart(module)) {
        return p.value();
      }
    }
    return otherwise;
  }

  /**
   * Tells whether a module is adapted.
   *
   * @param module full name of the module
   * @param linear whether it is a linear map other than the output head
   * @return as {@code target_modules} and the fields that restrict it say
   */
  public boolean selects(String module, boolean linear) {
    return targets.selects(module, linear);
  }

  /**
   * Returns the content of the file.
   *
   * @return as it was read
   */
  public String text() {
    return text;
  }

  /**
   * Returns {@code r}.
   *
   * @return the rank where {@code rank_pattern} does not say otherwise
   */
  public int rank() {
    return rank;
  }

  /**
   * Returns {@code lora_alpha}.
   *
   * @return numerator of the scale where {@code alpha_pattern} does not say otherwise
   */
  public double alpha() {
    return alpha;
  }

  /**
   * Returns {@code use_rslora}.
   *
   * @return whether scales are {@code alpha/sqrt(rank)} (Kalajdzievski 2023)
   */
  public boolean rsLora() {
    return rsLora;
  }

  /**
   * Returns {@code use_dora}.
   *
   * @return whether outputs have magnitudes (Liu et al. 2024)
   */
  public boolean dora() {
    return dora;
  }

  /**
   * Returns {@code lora_dropout}.
   *
   * @return the probability with which training drops what the adapter reads; a run's own noise
   *     settings decide here
   */
  public double dropout() {
    return dropout;
  }

  /**
   * Returns {@code task_type}.
   *
   * @return {@code CAUSAL_LM}, {@code SEQ_CLS} or null
   */
  public @Nullable String taskType() {
    return taskType;
  }

  /**
   * Returns {@code base_model_name_or_path}.
   *
   * @return what the base model was called, or null
   */
  public @Nullable String baseModel() {
    return baseModel;
  }

  /** Whether the adapter brings all parameters of a module. */
  boolean savesWhole(String module) {
    // PEFT compares ends of names here, without regard to dots.
    return modulesToSave.stream().anyMatch(module::endsWith);
  }

  /** Which biases of the base model the adapter brings. */
  TrainedBiases biases() {
    return biases;
  }

  /**
   * Returns {@code modules_to_save}.
   *
   * @return modules whose parameters the adapter brings whole
   */
  public List<String> modulesToSave() {
    return modulesToSave;
  }

  /** The place it was read from. */
  @Override
  public String toString() {
    return place;
  }
}
