package org.alignment4j.runtime.peft;

import java.util.Arrays;
import org.alignment4j.runtime.checkpoint.ConfigJson;

/** Which biases of the base model were trained with an adapter: {@code bias}. */
enum TrainedBiases {
  /** None: the base model's stay. */
  NONE("none"),
  /** Those of every module. */
  ALL("all"),
  /** Those of adapted modules. */
  LORA_ONLY("lora_only");

  private final String name;

  TrainedBiases(String name) {
    this.name = name;
  }

  static TrainedBiases read(ConfigJson config) {
    String given = config.string("bias");
    if (given == null) {
      return NONE;
    }
    return Arrays.stream(values())
        .filter(kind -> kind.name.equals(given))
        .findFirst()
        .orElseThrow(
            () ->
                config.error(
                    "bias", "bias must be none, all or lora_only but was '" + given + "'"));
  }

  /** What a configuration calls it. */
  String configured() {
    return name;
  }

  /** Whether the adapter brings the bias of a module. */
  boolean includes(boolean adapted) {
    return this == ALL || (this == LORA_ONLY && adapted);
  }
}
