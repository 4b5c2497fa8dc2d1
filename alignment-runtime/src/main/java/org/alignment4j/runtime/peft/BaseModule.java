package org.alignment4j.runtime.peft;

import java.util.Map;
import org.alignment4j.runtime.architecture.Parameter;
import org.jspecify.annotations.Nullable;

/**
 * A module of the base model that owns parameters.
 *
 * @param name its full name in the model class that PEFT wraps
 * @param parameters its parameters by their names within it, {@code weight} and {@code bias}
 */
record BaseModule(String name, Map<String, Parameter> parameters) {

  static final String BIAS = "bias";
  private static final String WRAPPED_BIAS = "base_layer.bias";

  /** Whether it is a linear map other than the output head. */
  boolean linear() {
    Parameter weight = parameters.get("weight");
    return weight != null
        && (weight.role() == Parameter.Role.LINEAR_WEIGHT
            || weight.role() == Parameter.Role.PROJECTION);
  }

  /** The weight of a module that has one. */
  Parameter weight() {
    return java.util.Objects.requireNonNull(parameters.get("weight"), name);
  }

  /** The bias of a module that has one. */
  @Nullable Parameter bias() {
    return parameters.get(BIAS);
  }

  /** What the bias is called in an adapter's file, which wraps the modules that it adapts. */
  String biasKey(boolean adapted) {
    return key(adapted ? WRAPPED_BIAS : BIAS);
  }

  /** What a tensor of this module is called in an adapter's file. */
  String key(String part) {
    return "base_model.model." + name + "." + part;
  }
}
