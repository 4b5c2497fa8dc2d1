package org.alignment4j.rlhf;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Named lists of numbers as values of a checkpoint, under a prefix of their own. Exact: a double's
 * text gives back the double.
 */
final class StateNumbers {

  private StateNumbers() {}

  /** The values of a checkpoint, whose names begin with the prefix. */
  static Map<String, String> values(String prefix, Map<String, List<Double>> state) {
    Map<String, String> values = new LinkedHashMap<>();
    state.forEach(
        (name, numbers) ->
            values.put(
                prefix + name,
                numbers.stream().map(String::valueOf).collect(Collectors.joining(","))));
    return values;
  }

  /** The lists that a checkpoint holds under the prefix. */
  static Map<String, List<Double>> state(String prefix, Map<String, String> values) {
    Map<String, List<Double>> state = new LinkedHashMap<>();
    RewardMemory.under(prefix, values).forEach((name, text) -> state.put(name, numbers(text)));
    return state;
  }

  private static List<Double> numbers(String text) {
    return text.isEmpty()
        ? List.of()
        : Arrays.stream(text.split(",", -1)).map(Double::valueOf).toList();
  }
}
