package org.alignment4j.runtime.architecture;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.runtime.architecture.DecoderConfig.RotaryPositions;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.jspecify.annotations.Nullable;

/**
 * Rotary positions in their three spellings: {@code rope_theta} with {@code rope_scaling}, the
 * newer {@code rope_parameters}, and GPT-NeoX's {@code rotary_emb_base} with {@code rotary_pct}.
 * Only unscaled rotation is supported; every scaling is refused by its name.
 */
final class RotaryRules {

  private static final double DEFAULT_THETA = 10_000;

  private RotaryRules() {}

  /** Rotary positions over the whole head. */
  static RotaryPositions readFull(ConfigJson config, int headDim) {
    RotaryPositions rotary = read(config, headDim, "rope_theta", "partial_rotary_factor", 1);
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
   * @param thetaKey the family's own key for the base; {@code rope_theta} is read as well
   * @param fractionKey the family's own key for the rotated fraction; {@code partial_rotary_factor}
   *     is read as well
   * @param defaultFraction the fraction where no key gives it
   */
  static RotaryPositions read(
      ConfigJson config, int headDim, String thetaKey, String fractionKey, double defaultFraction) {
    ConfigJson parameters = config.object("rope_parameters");
    refuseScaling(config, "rope_scaling", config.object("rope_scaling"));
    refuseScaling(config, "rope_parameters", parameters);
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
    return new RotaryPositions(theta, rotaryDim);
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
    for (String key : List.of(ownKey, newKey)) {
      if (config.has(key)) {
        values.add(config.number(key, absent));
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

  private static void refuseScaling(ConfigJson config, String key, @Nullable ConfigJson rope) {
    if (rope == null) {
      return;
    }
    for (String typeKey : List.of("rope_type", "type")) {
      String type = rope.string(typeKey);
      if (type != null && !type.equals("default")) {
        throw config.error(
            key,
            key
                + "."
                + typeKey
                + " must be 'default' but was '"
                + type
                + "', which is not supported");
      }
    }
    if (!rope.has("rope_type") && !rope.has("type") && rope.has("factor")) {
      throw config.error(key, key + " must name its rope_type but has only a factor");
    }
    for (String inner : rope.keys()) {
      if (!List.of("rope_type", "type", "rope_theta", "partial_rotary_factor").contains(inner)) {
        throw config.error(key, key + "." + inner + " is not understood for rope_type 'default'");
      }
    }
  }
}
