package org.alignment4j.examples.conformance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.alignment4j.runtime.train.AdafactorConfig;
import org.alignment4j.runtime.train.AdamWConfig;
import org.alignment4j.runtime.train.LionConfig;
import org.alignment4j.runtime.train.OptimizerConfig;
import org.alignment4j.runtime.train.OptimizerConfig.Decayed;
import org.alignment4j.runtime.train.SgdConfig;
import org.jspecify.annotations.Nullable;

/**
 * An optimiser's settings by the names they have in torch and transformers, as an object or as text
 * such as {@code AdamW lr 1e-3 betas .9/.95 eps 1e-8 wd .1}. What is absent has the default it has
 * there.
 */
final class OptimizerSettings {

  /** Optimisers by their lower-case names. */
  static final Set<String> OPTIMIZERS = Set.of("adamw", "sgd", "lion", "adafactor");

  private static final Map<String, String> ALIASES =
      Map.of("wd", "weight_decay", "epsilon", "eps", "clip", "clip_threshold");

  private final String optimizer;
  private final Map<String, List<Double>> values;
  private final Set<String> read = new HashSet<>();

  private OptimizerSettings(String optimizer, Map<String, List<Double>> values) {
    this.optimizer = optimizer;
    this.values = values;
  }

  /**
   * Reads settings.
   *
   * @throws SkippedCaseException if they say what is not known
   */
  static OptimizerConfig read(String optimizer, Fixture settings, Decayed decayed) {
    Map<String, List<Double>> values =
        settings.node().isTextual() ? ofText(optimizer, settings.text()) : ofObject(settings);
    return new OptimizerSettings(optimizer, values).config(decayed);
  }

  /** Whether the steps themselves decide their size, as a factor of 1. */
  static boolean decidesRate(OptimizerConfig config) {
    return config instanceof AdafactorConfig adafactor && adafactor.relativeStep();
  }

  private static String canonical(String name) {
    return ALIASES.getOrDefault(name, name);
  }

  /** Names, each with its value behind it; what follows a semicolon is prose. */
  private static Map<String, List<Double>> ofText(String optimizer, String text) {
    Map<String, List<Double>> values = new HashMap<>();
    String[] words = text.replaceFirst(";.*", "").replace('=', ' ').trim().split("[\\s,()]+", -1);
    String name = null;
    for (String word : words) {
      List<Double> numbers = numbers(word);
      if (numbers == null) {
        name = canonical(word.toLowerCase(Locale.ROOT));
        values.put(name, List.of(1.0));
      } else if (name != null) {
        values.put(name, numbers);
        name = null;
      }
    }
    values.remove(optimizer);
    values.remove("");
    return values;
  }

  private static @Nullable List<Double> numbers(String word) {
    List<Double> numbers = new ArrayList<>();
    for (String part : word.split("/", -1)) {
      switch (part.toLowerCase(Locale.ROOT)) {
        case "true" -> numbers.add(1.0);
        case "false", "none" -> numbers.add(0.0);
        default -> {
          if (!part.matches("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?")) {
            return null;
          }
          numbers.add(Double.valueOf(part));
        }
      }
    }
    return numbers;
  }

  private static Map<String, List<Double>> ofObject(Fixture settings) {
    Map<String, List<Double>> values = new HashMap<>();
    for (String key : settings.keys()) {
      Fixture value = settings.get(key);
      List<Double> numbers =
          value.node().isArray()
              ? Arrays.stream(value.numbers()).boxed().toList()
              : value.node().isBoolean()
                  ? List.of(value.node().booleanValue() ? 1.0 : 0.0)
                  : List.of(value.number());
      values.put(canonical(key), numbers);
    }
    return values;
  }

  private double number(String name, int index, double absent) {
    read.add(name);
    List<Double> given = values.get(name);
    return given == null || given.size() <= index ? absent : given.get(index);
  }

  private double number(String name, double absent) {
    return number(name, 0, absent);
  }

  private boolean flag(String name, boolean absent) {
    return number(name, absent ? 1 : 0) != 0;
  }

  private OptimizerConfig config(Decayed decayed) {
    OptimizerConfig config =
        switch (optimizer) {
          case "adamw" ->
              new AdamWConfig(
                  number("betas", 0, 0.9),
                  number("betas", 1, 0.999),
                  number("eps", 1e-8),
                  number("weight_decay", 0.01),
                  decayed);
          case "sgd" ->
              new SgdConfig(
                  number("momentum", 0),
                  number("dampening", 0),
                  flag("nesterov", false),
                  number("weight_decay", 0),
                  decayed);
          case "lion" ->
              new LionConfig(
                  number("betas", 0, 0.9),
                  number("betas", 1, 0.99),
                  number("weight_decay", 0),
                  decayed);
          case "adafactor" ->
              new AdafactorConfig(
                  number("eps", 0, 1e-30),
                  number("eps", 1, 1e-3),
                  number("clip_threshold", 1),
                  // The exponent itself, which is negative there.
                  Math.abs(number("decay_rate", -0.8)),
                  number("beta1", 0),
                  number("weight_decay", 0),
                  flag("scale_parameter", true),
                  flag("relative_step", true),
                  decayed);
          default -> throw new SkippedCaseException("there is no optimiser '" + optimizer + "'");
        };
    for (Map.Entry<String, List<Double>> entry : values.entrySet()) {
      String name = entry.getKey();
      boolean off = entry.getValue().stream().allMatch(v -> v == 0);
      if (!read.contains(name) && !name.equals("lr") && !off) {
        throw new SkippedCaseException(optimizer + " has no setting '" + name + "'");
      }
    }
    return config;
  }
}
