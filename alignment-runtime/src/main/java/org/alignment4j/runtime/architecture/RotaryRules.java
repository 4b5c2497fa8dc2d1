package org.alignment4j.runtime.architecture;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.alignment4j.runtime.architecture.DecoderConfig.RotaryPositions;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.jspecify.annotations.Nullable;

/**
 * Rotary positions in their three spellings: {@code rope_theta} with {@code rope_scaling}, the
 * newer {@code rope_parameters}, and GPT-NeoX's {@code rotary_emb_base} with {@code rotary_pct}.
 */
final class RotaryRules {

  private static final double DEFAULT_THETA = 10_000;
  private static final List<String> TYPES =
      List.of("default", "linear", "dynamic", "llama3", "yarn", "longrope");
  private static final String OLD_LONGROPE = "su";
  private static final String FACTOR = "factor";
  private static final String ATTENTION_FACTOR = "attention_factor";
  private static final String ORIGINAL = "original_max_position_embeddings";
  private static final Set<String> ALWAYS =
      Set.of("rope_type", "type", "rope_theta", "partial_rotary_factor");

  private final ConfigJson config;
  private final String key;
  private final @Nullable ConfigJson rope;
  private final @Nullable ConfigJson other;
  private final String type;
  private final int maxPositions;

  private RotaryRules(ConfigJson config, int maxPositions) {
    this.config = config;
    this.maxPositions = maxPositions;
    ConfigJson newer = config.object("rope_parameters");
    ConfigJson older = config.object("rope_scaling");
    String newType = type("rope_parameters", newer);
    String oldType = type("rope_scaling", older);
    boolean useOlder = newer == null || (newType.equals("default") && !oldType.equals("default"));
    if (!newType.equals("default") && !oldType.equals("default") && !newType.equals(oldType)) {
      throw config.error(
          "rope_scaling",
          "rope_scaling and rope_parameters must agree but name '"
              + oldType
              + "' and '"
              + newType
              + "'");
    }
    this.rope = useOlder ? older : newer;
    this.other = useOlder ? newer : null;
    this.key = useOlder ? "rope_scaling" : "rope_parameters";
    this.type = useOlder ? oldType : newType;
  }

  private String type(String place, @Nullable ConfigJson object) {
    if (object == null) {
      return "default";
    }
    String newer = object.string("rope_type");
    String older = object.string("type");
    String given = newer == null ? older : newer;
    if (given == null) {
      if (object.has(FACTOR)) {
        throw config.error(place, place + " must name its rope_type but has only a factor");
      }
      return "default";
    }
    String known = given.equals(OLD_LONGROPE) ? "longrope" : given;
    if (!TYPES.contains(known)) {
      throw config.error(
          place,
          place
              + "."
              + (newer == null ? "type" : "rope_type")
              + " must be one of "
              + TYPES
              + " but was '"
              + given
              + "', which is not supported");
    }
    return known;
  }

  /** Rotary positions over the whole head. */
  static RotaryPositions readFull(ConfigJson config, int headDim, int maxPositions) {
    RotaryPositions rotary =
        read(config, headDim, maxPositions, "rope_theta", "partial_rotary_factor", 1);
    if (rotary.rotaryDim() != headDim) {
      throw config.error(
          "partial_rotary_factor",
          "partial_rotary_factor must be 1 for this family but rotates "
              + rotary.rotaryDim()
              + " of "
              + headDim
              + " components");
    }
    return rotary;
  }

  /**
   * Rotary positions over part of the head.
   *
   * @param maxPositions the longest context that the configuration names
   * @param thetaKey the family's own key for the base; {@code rope_theta} is read as well
   * @param fractionKey the family's own key for the rotated fraction; {@code partial_rotary_factor}
   *     is read as well
   * @param defaultFraction the fraction where no key gives it
   */
  static RotaryPositions read(
      ConfigJson config,
      int headDim,
      int maxPositions,
      String thetaKey,
      String fractionKey,
      double defaultFraction) {
    RotaryRules rules = new RotaryRules(config, maxPositions);
    ConfigJson parameters = config.object("rope_parameters");
    double theta = agreed(config, parameters, thetaKey, "rope_theta", DEFAULT_THETA);
    double fraction =
        agreed(config, parameters, fractionKey, "partial_rotary_factor", defaultFraction);
    if (theta <= 0) {
      throw config.error(thetaKey, thetaKey + " must be positive but was " + theta);
    }
    int rotaryDim = (int) (headDim * fraction);
    if (rotaryDim <= 0 || rotaryDim > headDim || rotaryDim % 2 != 0) {
      throw config.error(
          fractionKey,
          "the rotated part of a head must be even and between 2 and "
              + headDim
              + " components but "
              + fractionKey
              + " "
              + fraction
              + " gives "
              + rotaryDim);
    }
    return new RotaryPositions(theta, rotaryDim, rules.scaling(rotaryDim), false);
  }

  /**
   * The longest context, in tokens: {@code maxPositions}, which is that of the training under
   * {@code dynamic} and then multiplied by the factor.
   */
  static int context(ConfigJson config, int maxPositions) {
    RotaryRules rules = new RotaryRules(config, maxPositions);
    ConfigJson object = rules.rope;
    return object != null && rules.type.equals("dynamic")
        ? (int) Math.max(maxPositions, rules.positive(object, FACTOR) * maxPositions)
        : maxPositions;
  }

  private RotaryScaling scaling(int rotaryDim) {
    if (other != null) {
      understands(other);
    }
    ConfigJson object = rope;
    if (object == null) {
      return new RotaryScaling.None();
    }
    return switch (type) {
      case "linear" -> {
        understands(object, FACTOR);
        yield new RotaryScaling.Linear(positive(object, FACTOR));
      }
      case "dynamic" -> {
        understands(object, FACTOR);
        if (rotaryDim < RotaryScaling.FEWEST_RAISED) {
          throw config.error(
              key,
              key
                  + " of rope_type 'dynamic' needs heads of which at least "
                  + RotaryScaling.FEWEST_RAISED
                  + " components turn but "
                  + rotaryDim
                  + " do");
        }
        yield new RotaryScaling.Dynamic(positive(object, FACTOR), maxPositions);
      }
      case "llama3" -> llama3(object);
      case "yarn" -> yarn(object);
      case "longrope" -> longRope(object, rotaryDim);
      default -> {
        understands(object);
        yield new RotaryScaling.None();
      }
    };
  }

  private RotaryScaling llama3(ConfigJson object) {
    understands(object, FACTOR, "low_freq_factor", "high_freq_factor", ORIGINAL);
    double low = positive(object, "low_freq_factor");
    double high = positive(object, "high_freq_factor");
    if (high <= low) {
      throw config.error(
          key,
          key
              + ".high_freq_factor must be greater than low_freq_factor "
              + low
              + " but was "
              + high);
    }
    return new RotaryScaling.Llama3(positive(object, FACTOR), low, high, original());
  }

  private RotaryScaling yarn(ConfigJson object) {
    understands(
        object,
        FACTOR,
        ORIGINAL,
        ATTENTION_FACTOR,
        "beta_fast",
        "beta_slow",
        "mscale",
        "mscale_all_dim",
        "truncate");
    double factor =
        object.has(FACTOR) ? positive(object, FACTOR) : (double) maxPositions / original();
    double magnitude = 0.1 * Math.log(Math.max(1, factor)) + 1;
    double mscale = object.number("mscale", 0);
    double allDim = object.number("mscale_all_dim", 0);
    if (object.has(ATTENTION_FACTOR)) {
      magnitude = positive(object, ATTENTION_FACTOR);
    } else if (mscale != 0 && allDim != 0) {
      double log = 0.1 * Math.log(Math.max(1, factor));
      magnitude = (mscale * log + 1) / (allDim * log + 1);
      if (!(magnitude > 0) || Double.isInfinite(magnitude)) {
        throw config.error(
            key,
            "%s.mscale and mscale_all_dim must give queries and keys a positive factor but were %s and %s"
                .formatted(key, mscale, allDim));
      }
    }
    double fast = object.has("beta_fast") ? positive(object, "beta_fast") : 32;
    double slow = object.has("beta_slow") ? positive(object, "beta_slow") : 1;
    return new RotaryScaling.Yarn(
        factor, original(), fast, slow, object.flag("truncate", true), magnitude);
  }

  private RotaryScaling longRope(ConfigJson object, int rotaryDim) {
    understands(object, FACTOR, ORIGINAL, ATTENTION_FACTOR, "short_factor", "long_factor");
    List<Double> within = divisors(object, "short_factor", rotaryDim);
    // Beside a context of the training that the configuration itself names, the factor is not read.
    double factor =
        object.has(FACTOR) && !config.has(ORIGINAL)
            ? positive(object, FACTOR)
            : (double) maxPositions / original();
    double magnitude =
        factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(Math.max(2, original())));
    if (object.has(ATTENTION_FACTOR)) {
      magnitude = positive(object, ATTENTION_FACTOR);
    }
    return original() < maxPositions
        ? new RotaryScaling.LongRope(
            within, divisors(object, "long_factor", rotaryDim), original(), magnitude)
        : new RotaryScaling.Divided(within, magnitude);
  }

  private List<Double> divisors(ConfigJson object, String name, int rotaryDim) {
    List<Double> divisors = object.numbers(name);
    if (divisors.size() != rotaryDim / 2 || divisors.stream().anyMatch(d -> d <= 0)) {
      throw config.error(
          key,
          key
              + "."
              + name
              + " must have "
              + rotaryDim / 2
              + " positive numbers, one for each pair of components that turn, but was "
              + divisors);
    }
    return divisors;
  }

  /** The context of the training, within the object or, in older files, beside it. */
  private int original() {
    ConfigJson object = rope;
    if (object != null && object.has(ORIGINAL)) {
      return object.requiredSize(ORIGINAL);
    }
    return config.size(ORIGINAL, maxPositions);
  }

  private double positive(ConfigJson object, String name) {
    if (!object.has(name)) {
      throw config.error(key, key + "." + name + " must be given for rope_type '" + type + "'");
    }
    double value = object.number(name, 0);
    if (value <= 0) {
      throw config.error(key, key + "." + name + " must be positive but was " + value);
    }
    return value;
  }

  private void understands(ConfigJson object, String... names) {
    Set<String> known = new HashSet<>(ALWAYS);
    known.addAll(List.of(names));
    for (String inner : object.keys()) {
      if (!known.contains(inner)) {
        throw config.error(
            key, key + "." + inner + " is not understood for rope_type '" + type + "'");
      }
    }
  }

  private static double agreed(
      ConfigJson config,
      @Nullable ConfigJson parameters,
      String ownKey,
      String newKey,
      double absent) {
    List<Double> values = new ArrayList<>();
    if (parameters != null && parameters.has(newKey)) {
      values.add(parameters.number(newKey, absent));
    }
    for (String name : List.of(ownKey, newKey)) {
      if (config.has(name)) {
        values.add(config.number(name, absent));
      }
    }
    if (values.stream().distinct().count() > 1) {
      throw config.error(
          ownKey,
          ownKey
              + " and "
              + newKey
              + " (also within rope_parameters) must agree but were "
              + values
              + "; keep the one the model was trained with");
    }
    return values.isEmpty() ? absent : values.get(0);
  }
}
