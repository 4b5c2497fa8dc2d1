package org.alignment4j.runtime.peft;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.alignment4j.api.CheckpointException;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.jspecify.annotations.Nullable;

/**
 * Which modules an adapter is of, decided as PEFT's {@code check_target_module_exists} decides it:
 * by a regular expression that matches a module's whole name, or by names that are the module's or
 * end it after a dot, perhaps in some layers only; {@code all-linear} stands for every linear
 * module but the output head. Excluded modules and modules that are saved whole are never adapted.
 */
final class TargetModules {

  private static final String ALL_LINEAR = "all-linear";
  private static final String ANY_LAYERS = ".*?\\.[^.]*\\.(\\d+)\\.";

  private final boolean allLinear;
  private final @Nullable PythonPattern pattern;
  private final List<String> names;
  private final @Nullable PythonPattern excludedPattern;
  private final List<String> excluded;
  private final List<PythonPattern> savedWhole;
  private final Set<Integer> layers;
  private final List<PythonPattern> layerPatterns;

  private TargetModules(ConfigJson config) {
    String target = "target_modules";
    String whole = isText(config, target) ? config.string(target) : null;
    this.allLinear = whole != null && whole.toLowerCase(Locale.ROOT).equals(ALL_LINEAR);
    this.pattern = whole == null || allLinear ? null : full(config, target, whole);
    this.names = whole == null ? list(config, target) : List.of();
    if (whole == null && names.isEmpty()) {
      throw config.error(
          target,
          "target_modules must name modules, be a regular expression or all-linear but "
              + (config.has(target) ? "is empty" : "is absent"));
    }
    String exclude = "exclude_modules";
    String wholeExcluded = isText(config, exclude) ? config.string(exclude) : null;
    this.excludedPattern = wholeExcluded == null ? null : full(config, exclude, wholeExcluded);
    this.excluded = wholeExcluded == null ? list(config, exclude) : List.of();
    this.savedWhole =
        list(config, "modules_to_save").stream()
            .map(m -> PythonPattern.of("(^|.*\\.)", m, "($|\\..*)", at(config, "modules_to_save")))
            .toList();
    this.layers = Set.copyOf(config.integers("layers_to_transform"));
    List<String> patterns =
        isText(config, "layers_pattern")
            ? List.of(String.valueOf(config.string("layers_pattern"))).stream()
                .filter(p -> !p.isEmpty())
                .toList()
            : list(config, "layers_pattern");
    refuseContradictions(config, whole != null, patterns);
    this.layerPatterns =
        patterns.isEmpty()
            ? List.of(PythonPattern.of("", ANY_LAYERS, "", at(config, "layers_pattern")))
            : patterns.stream()
                .map(
                    p ->
                        PythonPattern.of(".*?\\.", p, "\\.(\\d+)\\.", at(config, "layers_pattern")))
                .toList();
  }

  /**
   * Reads the fields of a configuration.
   *
   * @throws CheckpointException if one is missing or contradicts another
   */
  static TargetModules read(ConfigJson config) {
    return new TargetModules(config);
  }

  private void refuseContradictions(ConfigJson config, boolean whole, List<String> patterns) {
    if (whole && !layers.isEmpty()) {
      throw config.error(
          "layers_to_transform",
          "layers_to_transform must go with a list of target_modules but target_modules is a"
              + " string; write the layers into the expression");
    }
    if (!patterns.isEmpty() && layers.isEmpty()) {
      throw config.error(
          "layers_pattern",
          "layers_pattern must go with layers_to_transform but that is absent; remove it");
    }
  }

  /** A list of strings; empty where absent. */
  static List<String> list(ConfigJson config, String key) {
    Object value = config.plain(key);
    if (value != null && !(value instanceof List)) {
      throw config.error(key, key + " must be a list of strings but was " + value);
    }
    return config.strings(key);
  }

  private static boolean isText(ConfigJson config, String key) {
    return config.plain(key) instanceof String;
  }

  private static Function<String, CheckpointException> at(ConfigJson config, String key) {
    return problem -> config.error(key, problem);
  }

  private static PythonPattern full(ConfigJson config, String key, String expression) {
    return PythonPattern.of("", expression, "", at(config, key));
  }

  /**
   * Whether a module is adapted.
   *
   * @param module its full name
   * @param linear whether it is a linear map other than the output head
   */
  boolean selects(String module, boolean linear) {
    boolean never =
        (excludedPattern != null && excludedPattern.matchesAll(module))
            || named(excluded, module)
            || savedWhole.stream().anyMatch(p -> p.matchesStart(module));
    if (never) {
      return false;
    }
    if (allLinear) {
      return linear;
    }
    if (pattern != null) {
      return pattern.matchesAll(module);
    }
    // A name given in full is meant whatever its layer.
    return names.contains(module) || (named(names, module) && inLayers(module));
  }

  private static boolean named(List<String> names, String module) {
    return names.stream().anyMatch(n -> module.equals(n) || module.endsWith("." + n));
  }

  private boolean inLayers(String module) {
    if (layers.isEmpty()) {
      return true;
    }
    for (PythonPattern p : layerPatterns) {
      int layer = p.numberAtStart(module);
      if (layer >= 0) {
        return layers.contains(layer);
      }
    }
    return false;
  }
}
