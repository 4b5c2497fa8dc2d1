package org.alignment4j.rlhf.advantage;

import java.util.List;
import java.util.Map;

/** Reads saved numbers. */
final class States {

  private States() {}

  static List<Double> list(Map<String, List<Double>> state, String key) {
    List<Double> values = state.get(key);
    if (values == null) {
      throw new IllegalArgumentException(
          "state must have '%s' but has %s".formatted(key, state.keySet()));
    }
    return values;
  }

  static double number(Map<String, List<Double>> state, String key) {
    List<Double> values = list(state, key);
    if (values.size() != 1 || !Double.isFinite(values.get(0))) {
      throw new IllegalArgumentException(
          "state '%s' must be one finite number but was %s".formatted(key, values));
    }
    return values.get(0);
  }
}
